"""Vectors of the pictures that questions show."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.image_embeddings.embedder import UnreadableImageError
from app.ai.embeddings.vectors import to_bytes
from app.core.logging import get_logger
from app.integrations.storage import FileMissingError, FileStore
from app.models import Media
from app.repositories.vector_repository import MediaVectorRepository
from app.services.semantic_tools import SemanticTools

log = get_logger(__name__)

AT_ONCE: Final = 32
UNREADABLE: Final = b""


class PictureWork:
    """A picture that is lost or cannot be read gets an empty vector, so that it is not tried for ever."""

    def __init__(self, sessions: sessionmaker[Session], tools: SemanticTools, store: FileStore) -> None:
        self._sessions, self._tools, self._store = sessions, tools, store

    def run(self, check: Callable[[], None]) -> int:
        """The number of pictures that were looked at; `check` may raise to stop between two batches."""
        done = 0
        while True:
            check()
            with self._sessions() as session:
                missing = MediaVectorRepository(session, self._tools.images.name).missing(AT_ONCE)
            if not missing:
                return done
            vectors = self._vectors(missing)
            with self._sessions.begin() as session:
                MediaVectorRepository(session, self._tools.images.name).store(vectors)
            done += len(missing)

    def _vectors(self, pictures: Sequence[Media]) -> dict[UUID, bytes]:
        """Together, which is fewer calls; if one of them is no picture, each by itself."""
        files = {media.id: data for media in pictures if (data := self._read(media)) is not None}
        found = {media.id: UNREADABLE for media in pictures}
        try:
            rows = self._tools.images.embed_images(list(files.values()))
        except UnreadableImageError:
            return found | {media_id: self._vector(media_id, data) for media_id, data in files.items()}
        return found | {media_id: to_bytes(row) for media_id, row in zip(files, rows, strict=True)}

    def _vector(self, media_id: UUID, data: bytes) -> bytes:
        try:
            return to_bytes(self._tools.images.embed_images([data])[0])
        except UnreadableImageError:
            log.warning("picture.unreadable", media_id=str(media_id))
            return UNREADABLE

    def _read(self, media: Media) -> bytes | None:
        try:
            with self._store.open(media.sha256) as file:
                return file.read()
        except FileMissingError:
            log.warning("picture.missing", media_id=str(media.id))
            return None
