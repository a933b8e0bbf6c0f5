from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.enums import ReportStatus
from app.domain.permissions import Actor
from app.models import Assignment, Question, QuestionReport, User

STEM_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ReportFilter:
    status: ReportStatus | None = None
    subject_id: UUID | None = None
    question_id: UUID | None = None


class QuestionReportRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def reportable(self, actor: Actor, question_id: UUID) -> int | None:
        """The current version of a question that the actor may know of: students know those they were shown."""
        shown = exists().where(Assignment.user_id == actor.user_id, Assignment.question_id == Question.id)
        statement = select(Question.version).where(Question.id == question_id)
        return self.session.scalar(statement.where(or_(shown, true() if actor.is_staff else shown)))

    def put(self, values: Mapping[str, Any]) -> QuestionReport:
        """Add a report, or change the one that the person has open on the question."""
        changed = {name: values[name] for name in ("reason", "comment", "version")}
        statement = (
            insert(QuestionReport)
            .values(**values)
            .on_conflict_do_update(
                index_elements=[QuestionReport.user_id, QuestionReport.question_id],
                index_where=QuestionReport.status == ReportStatus.OPEN.value,
                set_=changed,
            )
            .returning(QuestionReport)
        )
        return self.session.scalars(statement, execution_options={"populate_existing": True}).one()

    def lock(self, report_id: UUID) -> QuestionReport | None:
        return self.session.scalar(select(QuestionReport).where(QuestionReport.id == report_id).with_for_update())

    def item(self, report_id: UUID) -> dict[str, Any]:
        return dict(self.session.execute(_items().where(QuestionReport.id == report_id)).mappings().one())

    def page(self, wanted: ReportFilter, before: UUID | None, limit: int) -> list[dict[str, Any]]:
        """The newest first."""
        statement = _items().order_by(QuestionReport.id.desc()).limit(limit)
        if wanted.status is not None:
            statement = statement.where(QuestionReport.status == wanted.status.value)
        if wanted.subject_id is not None:
            statement = statement.where(Question.subject_id == wanted.subject_id)
        if wanted.question_id is not None:
            statement = statement.where(QuestionReport.question_id == wanted.question_id)
        if before is not None:
            statement = statement.where(QuestionReport.id < before)
        return [dict(row) for row in self.session.execute(statement).mappings()]


def _items() -> Select[Any]:
    return (
        select(
            *QuestionReport.__table__.columns,
            Question.subject_id,
            Question.number.label("question_number"),
            func.left(Question.stem_text, STEM_LENGTH).label("stem"),
            User.name.label("user_name"),
        )
        .join(Question, Question.id == QuestionReport.question_id)
        .join(User, User.id == QuestionReport.user_id)
    )
