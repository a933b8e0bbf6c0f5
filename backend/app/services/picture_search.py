"""Questions by their pictures. There are far fewer pictures than questions, so all are compared."""

from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.image_embeddings.embedder import UnreadableImageError
from app.ai.embeddings.vectors import EmbeddingError, FloatArray, from_bytes
from app.ai.utils.similarity import nearest
from app.core.logging import get_logger
from app.domain.permissions import Actor
from app.domain.search import Degradation, SearchFilter
from app.repositories.search_repository import SearchRepository
from app.repositories.vector_repository import MediaVectorRepository
from app.services.search_arms import VectorsFound
from app.services.semantic_tools import SemanticTools

log = get_logger(__name__)

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
        vector = self._vector(picture)
        if vector is None:
            return VectorsFound(degraded=[Degradation.EMBEDDER_DOWN])
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

    def _vector(self, picture: bytes) -> FloatArray | None:
        """None = whoever makes vectors of pictures does not answer."""
        try:
            vector: FloatArray = self._tools.images.embed_images([picture])[0]
        except UnreadableImageError:
            raise
        except EmbeddingError as error:
            log.warning("search.picture_embedder_down", embedder=self._tools.images.name, error=str(error))
            return None
        return vector


def _matrix(stored: list[bytes], dimension: int) -> FloatArray:
    return from_bytes(b"".join(stored), dimension)
