"""Answers that a person grades."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.core.errors import ConflictError, NotFoundError
from app.core.security import AccessClaims
from app.domain.audit import AuditAction
from app.domain.enums import Role
from app.domain.grading.result import graded
from app.domain.permissions import Actor
from app.domain.responses import Response
from app.models import AttemptGrade
from app.repositories.audit_repository import AuditRepository
from app.repositories.essay_repository import EssayPlace, EssayRepository
from app.repositories.practice_repository import PracticeRepository
from app.schemas.base import Page
from app.schemas.essay import (
    EssayCorrectionCreate,
    EssayGradeCreate,
    EssayGradeHistory,
    EssayGradeInForce,
    EssayGradeRead,
    EssayItem,
    GradedEssayItem,
)
from app.services.grade_correction import CorrectedGrade, GradeCorrection
from app.services.practice_steps import PracticeSteps
from app.services.question_cache import QuestionCache


class AlreadyGradedError(ConflictError):
    code = "already_graded"


class NotGradedError(ConflictError):
    """Nobody has graded this answer yet; grade it first."""

    code = "not_graded"


class GradeChangedError(ConflictError):
    """Somebody has corrected this grade meanwhile; read it again."""

    code = "grade_changed"


class EssayService:
    def __init__(self, session: Session, questions: QuestionCache, steps: PracticeSteps) -> None:
        self.session, self.questions, self.steps = session, questions, steps
        self.essays, self.audit = EssayRepository(session), AuditRepository(session)
        self.practice, self.corrections = PracticeRepository(session), GradeCorrection(session, questions)

    def page(self, actor: Actor, subject_id: UUID | None, after: UUID | None, limit: int) -> Page[EssayItem]:
        rows = self.essays.page(actor, subject_id, after, limit)
        cursor = str(rows[-1]["id"]) if len(rows) == limit else None
        return Page(items=[self._item(row) for row in rows], next_cursor=cursor)

    def graded_page(
        self, actor: Actor, subject_id: UUID | None, before: UUID | None, limit: int
    ) -> Page[GradedEssayItem]:
        rows = self.essays.graded_page(actor, subject_id, before, limit)
        cursor = str(rows[-1]["id"]) if len(rows) == limit else None
        names = ("number", "fraction", "comment", "graded_at", "grader_name")
        items = [
            GradedEssayItem(
                **self._item(row).model_dump(), grade=EssayGradeInForce(**{name: row[name] for name in names})
            )
            for row in rows
        ]
        return Page(items=items, next_cursor=cursor)

    def history(self, actor: Actor, attempt_id: UUID) -> EssayGradeHistory:
        """Every grade that people gave an answer, the first one first. Raises NotFoundError."""
        place = self.essays.place(actor, attempt_id)
        if place is None:
            raise NotFoundError("No such answer.")
        grades = self.essays.grades(place.user_id, attempt_id)
        return EssayGradeHistory(items=[_read(grade) for grade in grades if grade.graded_by is not None])

    def correct(self, actor: Actor, attempt_id: UUID, body: EssayCorrectionCreate, now: datetime) -> EssayGradeRead:
        """Append a grade that takes the place of an earlier one; the same correction sent again changes nothing.

        Raises:
            NotFoundError: No such answer, or of somebody the actor may not read.
            NotGradedError: It has no grade of a person yet.
            GradeChangedError: The grade in force is another than the one to be corrected.
        """
        place = self.essays.place(actor, attempt_id)
        if place is None or self.essays.latest_answer(place) != attempt_id:
            raise NotFoundError("No such answer.")
        self.practice.lock_learner(place.user_id)
        earlier = self.essays.latest_grade(place.user_id, attempt_id)
        if earlier.graded_by is None:
            raise NotGradedError("This answer has not been graded yet.")
        if _is_repeated(earlier, actor, body):
            return _read(earlier)
        if earlier.number != body.corrects:
            raise GradeChangedError("This grade has been corrected meanwhile.")
        correction = CorrectedGrade(place.assignment_id, earlier.number + 1, body.fraction)
        self.corrections.correct(place.user_id, correction, now)
        self._append(actor, place, attempt_id, body, now)
        return _read(self.essays.latest_grade(place.user_id, attempt_id))

    def grade(self, actor: Actor, attempt_id: UUID, body: EssayGradeCreate, now: datetime) -> EssayGradeRead:
        """Append a grade and let the answer count; the same grade sent again changes nothing.

        Raises:
            NotFoundError: No such answer, or of somebody the actor may not read.
            AlreadyGradedError: It has another grade, or does not wait for one.
        """
        place = self.essays.place(actor, attempt_id)
        if place is None or self.essays.latest_answer(place) != attempt_id:
            raise NotFoundError("No such answer.")
        claims = AccessClaims(place.user_id, Role(place.role), place.token_version, actor.login_id)
        if self.steps.settle(claims, (place.session_id, place.assignment_id), body.fraction, now):
            self._append(actor, place, attempt_id, body, now)
        stored = self.essays.latest_grade(place.user_id, attempt_id)
        if stored.graded_by is None or (stored.fraction, stored.reason) != (body.fraction, body.comment):
            raise AlreadyGradedError("This answer does not wait for a grade.")
        return _read(stored)

    def _append(self, actor: Actor, place: EssayPlace, attempt_id: UUID, body: EssayGradeCreate, now: datetime) -> None:
        earlier = self.essays.latest_grade(place.user_id, attempt_id)
        grade = AttemptGrade(
            user_id=place.user_id,
            attempt_id=attempt_id,
            number=earlier.number + 1,
            key_id=earlier.key_id,
            state=graded(body.fraction).state.value,
            fraction=body.fraction,
            mark=body.fraction,
            graded_by=actor.user_id,
            graded_at=now,
            reason=body.comment,
            correction=body.correction if isinstance(body, EssayCorrectionCreate) else "",
        )
        self.session.add(grade)
        self.session.flush()
        action = AuditAction.ANSWER_GRADED if earlier.graded_by is None else AuditAction.ANSWER_REGRADED
        self.audit.record(action, actor_id=actor.user_id, object_type="attempt", object_id=str(attempt_id))

    def _item(self, row: RowMapping) -> EssayItem:
        question = self.questions.get(self.session, row["version_id"])
        return EssayItem(
            **{name: row[name] for name in ("id", "user_id", "user_name", "session_id", "question_id", "subject_id")},
            stem=question.content.stem,
            text=Response.model_validate(row["response"]).text or "",
            rubric=list(question.key.rubric),
            explanation=question.key.explanation,
            points=question.content.points,
            answered_at=row["answered_at"],
        )


def _is_repeated(grade: AttemptGrade, actor: Actor, body: EssayCorrectionCreate) -> bool:
    sent = (body.corrects + 1, body.fraction, body.comment, body.correction, actor.user_id)
    return sent == (grade.number, grade.fraction, grade.reason, grade.correction, grade.graded_by)


def _read(grade: AttemptGrade) -> EssayGradeRead:
    if grade.graded_by is None:
        raise ValueError("a grade by a person names that person")
    return EssayGradeRead(
        attempt_id=grade.attempt_id,
        number=grade.number,
        fraction=grade.fraction,
        mark=grade.mark,
        comment=grade.reason,
        correction=grade.correction,
        graded_by=grade.graded_by,
        graded_at=grade.graded_at,
    )
