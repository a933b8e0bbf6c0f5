from collections.abc import Collection
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, exists, select, text, true
from sqlalchemy.orm import Session, aliased

from app.domain.permissions import Actor
from app.models import Assignment, Attempt, AttemptGrade, PracticeSession, Question, User
from app.repositories.student_repository import readable_students

_WAITS: Final = text("(assignments.state ->> 'pending') = 'true' AND assignments.finished_at IS NOT NULL")


class EssayPlace(NamedTuple):
    """Where an answer stands that a teacher may grade; `token_version` is that of its student."""

    user_id: UUID
    role: str
    token_version: int
    session_id: UUID
    assignment_id: UUID


class WaitingEssay(NamedTuple):
    attempt_id: UUID
    user_id: UUID
    question_id: UUID
    subject_id: UUID


class EssayRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def page(self, actor: Actor, subject_id: UUID | None, after: UUID | None, limit: int) -> list[RowMapping]:
        """Answers that wait for a grade and whose student the actor may read, the oldest first."""
        latest = (
            select(Attempt.id, Attempt.response, Attempt.answered_at)
            .where(Attempt.user_id == Assignment.user_id, Attempt.assignment_id == Assignment.id)
            .where(Attempt.action == "answer")
            .order_by(Attempt.id.desc())
            .limit(1)
            .lateral()
        )
        statement = (
            select(
                latest.c.id,
                latest.c.response,
                latest.c.answered_at,
                Assignment.user_id,
                Assignment.session_id,
                Assignment.question_id,
                Assignment.version_id,
                PracticeSession.subject_id,
                User.name.label("user_name"),
            )
            .join(User, User.id == Assignment.user_id)
            .join(
                PracticeSession,
                (PracticeSession.user_id == Assignment.user_id) & (PracticeSession.id == Assignment.session_id),
            )
            .join(latest, true())
            .where(_WAITS, readable_students(actor))
            .order_by(latest.c.id)
            .limit(limit)
        )
        if subject_id is not None:
            statement = statement.where(PracticeSession.subject_id == subject_id)
        if after is not None:
            statement = statement.where(latest.c.id > after)
        return list(self.session.execute(statement).mappings())

    def graded_page(self, actor: Actor, subject_id: UUID | None, before: UUID | None, limit: int) -> list[RowMapping]:
        """Answers that people graded, of students the actor may read, the latest first, with the grade in force."""
        later, grader = aliased(AttemptGrade), aliased(User)
        is_in_force = ~exists().where(
            later.user_id == AttemptGrade.user_id,
            later.attempt_id == AttemptGrade.attempt_id,
            later.number > AttemptGrade.number,
        )
        statement = (
            select(
                Attempt.id,
                Attempt.response,
                Attempt.answered_at,
                Attempt.user_id,
                Assignment.session_id,
                Assignment.question_id,
                Assignment.version_id,
                PracticeSession.subject_id,
                User.name.label("user_name"),
                AttemptGrade.number,
                AttemptGrade.fraction,
                AttemptGrade.reason.label("comment"),
                AttemptGrade.graded_at,
                grader.name.label("grader_name"),
            )
            .select_from(AttemptGrade)
            .join(Attempt, (Attempt.user_id == AttemptGrade.user_id) & (Attempt.id == AttemptGrade.attempt_id))
            .join(Assignment, (Assignment.user_id == Attempt.user_id) & (Assignment.id == Attempt.assignment_id))
            .join(
                PracticeSession,
                (PracticeSession.user_id == Assignment.user_id) & (PracticeSession.id == Assignment.session_id),
            )
            .join(User, User.id == Attempt.user_id)
            .outerjoin(grader, grader.id == AttemptGrade.graded_by)
            .where(AttemptGrade.graded_by.is_not(None), is_in_force, readable_students(actor))
            .order_by(AttemptGrade.attempt_id.desc())
            .limit(limit)
        )
        if subject_id is not None:
            statement = statement.where(PracticeSession.subject_id == subject_id)
        if before is not None:
            statement = statement.where(AttemptGrade.attempt_id < before)
        return list(self.session.execute(statement).mappings())

    def place(self, actor: Actor, attempt_id: UUID) -> EssayPlace | None:
        """Of an answer whose student the actor may read."""
        statement = (
            select(User.id, User.role, User.token_version, Assignment.session_id, Assignment.id)
            .select_from(Attempt)
            .join(Assignment, (Assignment.user_id == Attempt.user_id) & (Assignment.id == Attempt.assignment_id))
            .join(User, User.id == Attempt.user_id)
            .where(Attempt.id == attempt_id, Attempt.action == "answer", readable_students(actor))
        )
        row = self.session.execute(statement).one_or_none()
        return None if row is None else EssayPlace._make(row)

    def waiting(self, actor: Actor, attempt_ids: Collection[UUID]) -> list[WaitingEssay]:
        """Those of the answers that wait for a grade and whose student the actor may read."""
        later = aliased(Attempt)
        is_last = ~exists().where(
            later.user_id == Attempt.user_id,
            later.assignment_id == Attempt.assignment_id,
            later.action == "answer",
            later.id > Attempt.id,
        )
        statement = (
            select(Attempt.id, Attempt.user_id, Assignment.question_id, Question.subject_id)
            .join(Assignment, (Assignment.user_id == Attempt.user_id) & (Assignment.id == Attempt.assignment_id))
            .join(User, User.id == Attempt.user_id)
            .join(Question, Question.id == Assignment.question_id)
            .where(Attempt.id.in_(attempt_ids), Attempt.action == "answer", is_last, _WAITS, readable_students(actor))
            .order_by(Attempt.id)
        )
        return [WaitingEssay._make(row) for row in self.session.execute(statement)]

    def written(self, user_id: UUID, attempt_id: UUID) -> tuple[UUID, str] | None:
        """The version of the question that was answered, and the answer."""
        statement = (
            select(Assignment.version_id, Attempt.response)
            .join(Attempt, (Assignment.user_id == Attempt.user_id) & (Assignment.id == Attempt.assignment_id))
            .where(Attempt.user_id == user_id, Attempt.id == attempt_id)
        )
        row = self.session.execute(statement).one_or_none()
        return None if row is None else (row.version_id, (row.response or {}).get("text") or "")

    def latest_grade(self, user_id: UUID, attempt_id: UUID) -> AttemptGrade:
        statement = select(AttemptGrade).where(AttemptGrade.user_id == user_id, AttemptGrade.attempt_id == attempt_id)
        return self.session.scalars(statement.order_by(AttemptGrade.number.desc()).limit(1)).one()

    def grades(self, user_id: UUID, attempt_id: UUID) -> list[AttemptGrade]:
        """In their order."""
        statement = select(AttemptGrade).where(AttemptGrade.user_id == user_id, AttemptGrade.attempt_id == attempt_id)
        return list(self.session.scalars(statement.order_by(AttemptGrade.number)))

    def latest_answer(self, place: EssayPlace) -> UUID | None:
        statement = select(Attempt.id).where(
            Attempt.user_id == place.user_id, Attempt.assignment_id == place.assignment_id, Attempt.action == "answer"
        )
        return self.session.scalars(statement.order_by(Attempt.id.desc()).limit(1)).first()
