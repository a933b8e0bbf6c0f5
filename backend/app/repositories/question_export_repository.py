from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.models import Question


class QuestionExportRepository:
    """The questions of a subject that are worth carrying elsewhere: all but the retired ones."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def count(self, subject_id: UUID) -> int:
        statement = select(func.count()).select_from(Question)
        return self.session.scalar(statement.where(*_wanted(subject_id))) or 0

    def ids_after(self, subject_id: UUID, number: int, limit: int) -> list[tuple[int, UUID]]:
        """Number and id of the next questions by number."""
        statement = select(Question.number, Question.id).where(*_wanted(subject_id), Question.number > number)
        return [(row[0], row[1]) for row in self.session.execute(statement.order_by(Question.number).limit(limit))]


def _wanted(subject_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Question.subject_id == subject_id, Question.status != QuestionStatus.RETIRED
