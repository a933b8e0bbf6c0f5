"""Looking back at a session: what it asked, and what it changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.core.errors import ConflictError
from app.domain.enums import SessionStatus
from app.domain.grading import correct_response, grade
from app.domain.grading.reveal import reveal
from app.domain.permissions import Actor
from app.domain.presentation import present
from app.domain.responses import Response
from app.repositories.practice_repository import PracticeRepository
from app.schemas.practice import (
    ReviewedQuestion,
    SessionAdvice,
    SessionRead,
    SessionSummary,
    SummarySkill,
)
from app.services.exam_guard import ExamGuard
from app.services.practice_pool import PoolCache
from app.services.question_cache import QuestionCache
from app.services.session_advice import session_advice


class PracticeSummaryService:
    def __init__(self, session: Session, questions: QuestionCache, pools: PoolCache, guard: ExamGuard) -> None:
        self.session, self.questions, self.pools, self.guard = session, questions, pools, guard
        self.practice = PracticeRepository(session)

    def summary(self, actor: Actor, practice: SessionRead, now: datetime) -> SessionSummary:
        """Score, mastery before and after, and every answered question with its key.

        Raises:
            ConflictError: While the session goes on; its keys are not told before it has ended.
            ExamRunningError: While an exam runs.
        """
        self.guard.check(actor.user_id, now)
        if practice.status != SessionStatus.FINISHED:
            raise ConflictError("Finish the session first.")
        answers = self.practice.last_answers(actor.user_id, practice.id)
        until = practice.finished_at or practice.last_at
        return SessionSummary(
            session=practice,
            minutes=round((until - practice.started_at).total_seconds() / 60, 1),
            skills=self._skills(actor.user_id, practice),
            advice=self._advice(actor.user_id, practice),
            questions=[self._reviewed(answer) for answer in answers],
        )

    def _advice(self, user_id: UUID, practice: SessionRead) -> list[SessionAdvice]:
        """None any more once the subject is archived."""
        revision = self.practice.subject_revision(practice.subject_id)
        if revision is None:
            return []
        pool = self.pools.get(practice.subject_id, revision)
        return session_advice(self.practice.first_answers(user_id, practice.id), practice.started_at, pool)

    def _skills(self, user_id: UUID, practice: SessionRead) -> list[SummarySkill]:
        names = {row.skill_id: row.name for row in self.practice.skill_states(user_id, practice.subject_id)}
        spans = _mastery_spans(self.practice.effects(user_id, practice.id))
        return [
            SummarySkill(skill_id=skill_id, name=names.get(skill_id, ""), answered=count, before=before, after=after)
            for skill_id, (count, before, after) in spans.items()
        ]

    def _reviewed(self, answer: RowMapping) -> ReviewedQuestion:
        question = self.questions.get(self.session, answer["version_id"])
        response = None if answer["response"] is None else Response.model_validate(answer["response"])
        feedback: Sequence[str] = ()
        if response is not None:
            feedback = grade(question.content, question.key, response, seed=answer["seed"]).feedback
        return ReviewedQuestion(
            position=answer["position"],
            question_id=answer["question_id"],
            question=present(question.content, question.key, answer["seed"]),
            state=answer["state"],
            fraction=answer["fraction"],
            response=response,
            answer=correct_response(question.content, question.key, seed=answer["seed"]),
            answer_text=list(reveal(question.content, question.key, answer["seed"])),
            explanation=question.key.explanation,
            comment=answer["comment"] or "",
            corrected_at=answer["corrected_at"],
            feedback=list(feedback),
        )


def _mastery_spans(steps: Sequence[RowMapping]) -> dict[UUID, tuple[int, float, float]]:
    """For each skill: how many steps touched it, mastery before the first and after the last.

    A corrected grade moves the end, but is no answer more.
    """
    spans: dict[UUID, tuple[int, float, float]] = {}
    for step in steps:
        for skill, before, after, *_ in step["effects"]["mastery"]:
            count, first, _ = spans.get(UUID(skill), (0, before, after))
            spans[UUID(skill)] = (count + (not step["is_correction"]), first, after)
    return spans
