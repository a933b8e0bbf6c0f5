from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, literal_column, select, true
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.models import Assignment, Media, QuestionVersion
from app.utils.ids import new_id


class MediaRepository:
    """Media are common to all questions; students see those of what they were asked."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, actor: Actor, media_id: UUID) -> Media | None:
        return self.session.scalar(select(Media).where(Media.id == media_id, _may_see(actor, media_id)))

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


def _may_see(actor: Actor, media_id: UUID) -> ColumnElement[bool]:
    if actor.is_staff:
        return true()
    # As in the index, which is of no use where these are parameters.
    files = func.jsonb_path_query_array(QuestionVersion.details, literal_column("'$.files.*'"), type_=JSONB)
    return (
        select(Assignment.id)
        .join(QuestionVersion, QuestionVersion.id == Assignment.version_id)
        .where(
            Assignment.user_id == actor.user_id,
            QuestionVersion.details.has_key(literal_column("'files'")),
            files.contains(literal([str(media_id)], JSONB)),
        )
        .exists()
    )
