from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Media


class MediaRepository:
    """Media belong to nobody: whoever knows the opaque id of one may see it."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, media_id: UUID) -> Media | None:
        return self.session.get(Media, media_id)

    def by_source(self, source_hashes: Collection[str]) -> dict[str, Media]:
        """The rows of handed-in files, by the SHA-256 of what was handed in."""
        if not source_hashes:
            return {}
        statement = select(Media).where(Media.source_sha256.in_(source_hashes))
        return {media.source_sha256: media for media in self.session.scalars(statement)}

    def by_id(self, media_ids: Collection[UUID]) -> dict[UUID, Media]:
        if not media_ids:
            return {}
        return {media.id: media for media in self.session.scalars(select(Media).where(Media.id.in_(media_ids)))}
