from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    SQLColumnExpression,
    String,
    and_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, array, insert
from sqlalchemy.orm import Session

from app.domain.behaviours import GRADED_AT_THE_END
from app.domain.enums import Behaviour, SessionStatus
from app.domain.permissions import Actor
from app.models import Assignment, Media, PracticeSession, QuestionKeyRecord, QuestionVersion
from app.utils.ids import new_id

_IN_SESSION = and_(PracticeSession.user_id == Assignment.user_id, PracticeSession.id == Assignment.session_id)


class MediaRepository:
    """Media are common to all questions; students see those of what they were asked and, of its key, were told."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, actor: Actor, media_id: UUID, *, tells_keys: bool) -> Media | None:
        is_seen = _may_see(actor, media_id, tells_keys=tells_keys)
        return self.session.scalar(select(Media).where(Media.id == media_id, is_seen))

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


def _may_see(actor: Actor, media_id: UUID, *, tells_keys: bool) -> ColumnElement[bool]:
    if actor.is_staff:
        return true()
    is_asked = _mentions(QuestionVersion.content, media_id)
    # As in the index, which is of no use where these are parameters.
    files = func.jsonb_path_query_array(QuestionVersion.details, literal_column("'$.files.*'"), type_=JSONB)
    return (
        select(Assignment.id)
        .join(QuestionVersion, QuestionVersion.id == Assignment.version_id)
        .join(QuestionKeyRecord, QuestionKeyRecord.version_id == QuestionVersion.id)
        .join(PracticeSession, _IN_SESSION)
        .where(
            Assignment.user_id == actor.user_id,
            QuestionVersion.details.has_key(literal_column("'files'")),
            files.contains(literal([str(media_id)], JSONB)),
            or_(is_asked, _told(media_id)) if tells_keys else is_asked,
        )
        .exists()
    )


def _told(media_id: UUID) -> ColumnElement[bool]:
    """When a part of the key is told, as practice tells it: all of it at the end, feedback and hints on the way."""
    key, tried = QuestionKeyRecord.key, _count("tries") > 0
    feedback = key.delete_path(array(["hints"])).delete_path(array(["explanation"]))
    at_once = PracticeSession.behaviour.not_in(GRADED_AT_THE_END)
    is_over = or_(PracticeSession.status == SessionStatus.FINISHED, and_(at_once, Assignment.finished_at.is_not(None)))
    has_hint = or_(_count("hints") > 0, and_(PracticeSession.behaviour == Behaviour.INTERACTIVE, tried))
    return or_(
        and_(tried, is_over),
        Assignment.state["turned"].astext == "true",
        and_(has_hint, _mentions(key["hints"], media_id)),
        and_(tried, at_once, _mentions(feedback, media_id)),
    )


def _count(name: str) -> ColumnElement[int]:
    """A member of the state, which leaves out what is 0; nothing is greater than the NULL of such a one."""
    return cast(Assignment.state[name].astext, Integer)


def _mentions(document: SQLColumnExpression[Any], media_id: UUID) -> ColumnElement[bool]:
    return cast(document, String).contains(str(media_id))
