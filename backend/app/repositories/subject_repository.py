from uuid import UUID

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.models import Subject
from app.repositories.keyset import Slice, cut, read_position


class SubjectRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, actor: Actor, subject_id: UUID) -> Subject | None:
        return self.session.scalar(select(Subject).where(Subject.id == subject_id, visible_subjects(actor)))

    def page(self, actor: Actor, *, archived: bool, cursor: str | None, limit: int) -> Slice[Subject]:
        """By title. Archived subjects come only when staff ask for them."""
        statement = (
            select(Subject).where(visible_subjects(actor)).order_by(Subject.title, Subject.code).limit(limit + 1)
        )
        if not archived:
            statement = statement.where(Subject.archived_at.is_(None))
        if cursor:
            title, code = read_position(cursor, str, str)
            after = (Subject.title > title) | ((Subject.title == title) & (Subject.code > code))
            statement = statement.where(after)
        return cut(self.session.scalars(statement).all(), limit, lambda row: (row.title, row.code))

    def find_code(self, code: str) -> Subject | None:
        return self.session.scalar(select(Subject).where(Subject.code == code))

    def lock(self, subject_id: UUID) -> Subject | None:
        """The row, locked: changes of one subject's skills and questions happen one after the other.

        Practice goes on meanwhile: the lock does not stop references to the subject.
        """
        statement = select(Subject).where(Subject.id == subject_id).with_for_update(key_share=True)
        return self.session.scalar(statement.execution_options(populate_existing=True))

    def bump_content(self, subject_id: UUID) -> None:
        """Tell practice that what may be shown has changed."""
        self.session.execute(
            update(Subject)
            .where(Subject.id == subject_id)
            .values(content_revision=Subject.content_revision + 1, updated_at=Subject.updated_at)
            .execution_options(synchronize_session=False)
        )


def visible_subjects(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.is_staff else Subject.archived_at.is_(None)
