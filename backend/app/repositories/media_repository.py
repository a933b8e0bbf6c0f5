from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import Media
from app.utils.ids import new_id


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

    def add_once(self, media: Media) -> Media:
        """The row, or the one that somebody else made of the same source meanwhile."""
        columns = ("sha256", "source_sha256", "mime", "size", "width", "height", "created_by")
        values = {name: getattr(media, name) for name in columns}
        self.session.execute(insert(Media).values(id=new_id(), **values).on_conflict_do_nothing())
        return self.by_source([media.source_sha256])[media.source_sha256]

    def by_id(self, media_ids: Collection[UUID]) -> dict[UUID, Media]:
        if not media_ids:
            return {}
        return {media.id: media for media in self.session.scalars(select(Media).where(Media.id.in_(media_ids)))}
