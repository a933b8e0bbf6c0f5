from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, tuple_, update
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.models import Assignment, Question, QuestionVersion


class ImportUndoRepository:
    """The questions that an import made or changed, seen from what students have met of them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def count_shown(self, import_id: UUID, changed: Sequence[tuple[UUID, int]]) -> int:
        """How many of the questions it made, and of the versions (question id, number) it added, students have met."""
        new = select(func.count()).select_from(Question).where(Question.import_id == import_id, _is_shown())
        shown = self.session.scalar(new) or 0
        for begin in range(0, len(changed), 1000):
            added = tuple_(QuestionVersion.question_id, QuestionVersion.number).in_(changed[begin : begin + 1000])
            seen = exists().where(Assignment.version_id == QuestionVersion.id)
            shown += self.session.scalar(select(func.count()).select_from(QuestionVersion).where(added, seen)) or 0
        return shown

    def retire_published(self, import_id: UUID) -> int:
        statement = (
            update(Question)
            .where(Question.import_id == import_id, Question.status == QuestionStatus.PUBLISHED)
            .values(status=QuestionStatus.RETIRED, revision=Question.revision + 1)
            .returning(Question.id)
        )
        return len(self.session.execute(statement, execution_options={"synchronize_session": False}).all())

    def delete_unseen(self, import_id: UUID, limit: int) -> int:
        """Remove up to `limit` questions that the import made and no student has met."""
        some = select(Question.id).where(Question.import_id == import_id, ~_is_shown()).limit(limit)
        statement = delete(Question).where(Question.id.in_(some)).returning(Question.id)
        return len(self.session.execute(statement, execution_options={"synchronize_session": False}).all())

    def count_made(self, import_id: UUID) -> int:
        statement = select(func.count()).select_from(Question).where(Question.import_id == import_id)
        return self.session.scalar(statement) or 0


def _is_shown() -> ColumnElement[bool]:
    return exists().where(Assignment.question_id == Question.id)
