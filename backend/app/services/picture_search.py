"""Questions by their pictures. There are far fewer pictures than questions, so all are compared."""

from typing import Final

import numpy as np
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.vectors import from_bytes
from app.ai.utils.similarity import nearest
from app.domain.permissions import Actor
from app.domain.search import Degradation, SearchFilter
from app.repositories.search_repository import SearchRepository
from app.repositories.vector_repository import MediaVectorRepository
from app.services.search_arms import VectorsFound
from app.services.semantic_tools import SemanticTools

NEAREST: Final = 100
FLOOR: Final = 0.5


class PictureSearch:
    def __init__(self, sessions: sessionmaker[Session], actor: Actor, tools: SemanticTools) -> None:
        self._sessions, self._actor, self._tools = sessions, actor, tools

    def find(self, picture: bytes, wanted: SearchFilter) -> VectorsFound:
        """Questions in the order of their most similar picture.

        Raises:
            UnreadableImageError: It is no picture.
        """
        embedder = self._tools.images
        vector = embedder.embed_images([picture])[0]
        found = VectorsFound(degraded=[] if embedder.is_semantic else [Degradation.LOOKS_ONLY])
        with self._sessions() as session:
            stored = MediaVectorRepository(session, embedder.name).all()
            ids = list(stored)
            rows, cosines = nearest(vector, _matrix(list(stored.values()), embedder.dimension), NEAREST)
            near = {ids[row]: cosine for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True)}
            showing = SearchRepository(session, self._actor).showing(list(near), wanted)
        for media_id, cosine in near.items():
            for question_id in showing.get(media_id, ()) if cosine >= FLOOR else ():
                found.similarities.setdefault(question_id, cosine)
        found.ids.extend(found.similarities)
        return found


def _matrix(stored: list[bytes], dimension: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    return from_bytes(b"".join(stored), dimension)
