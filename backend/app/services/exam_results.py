"""What a finished placement or exam found, computed from its log."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.ai.personalization.difficulty_adapter.ability import AbilityEstimate, estimate
from app.ai.personalization.difficulty_adapter.stopping import stop_reason
from app.ai.personalization.difficulty_adapter.success_scale import ExpectedSuccess, success_interval
from app.core.errors import ConflictError, NotFoundError
from app.domain.behaviours import ShownState
from app.domain.enums import SessionStatus
from app.models import PracticeSession
from app.repositories.exam_repository import ExamRepository, GivenRow
from app.repositories.practice_repository import PracticeRepository
from app.schemas.exam import AreaResult, ExamEnd, ExamResult
from app.services.exam_chooser import ExamBank, posterior_of
from app.services.exam_plan import ExamPlan
from app.services.practice_pool import PoolCache


class ExamResultService:
    def __init__(self, session: Session, pools: PoolCache) -> None:
        self.exams, self.practice, self.pools = ExamRepository(session), PracticeRepository(session), pools

    def result(self, user_id: UUID, session_id: UUID) -> ExamResult:
        """Raises ConflictError for a session that is no test, or is still running."""
        practice = self.practice.get(user_id, session_id)
        if practice is None:
            raise NotFoundError("No such practice session.")
        if practice.test is None:
            raise ConflictError("Only a placement or an exam has such a result.")
        if practice.status != SessionStatus.FINISHED:
            raise ConflictError("Hand the test in first.")
        plan = ExamPlan.from_json(practice.test)
        asked = self._asked(practice)
        belief = estimate(posterior_of(plan, [row for row, state in asked if not state.pending]))
        return self._described(practice, plan, asked, belief)

    def _asked(self, practice: PracticeSession) -> list[tuple[GivenRow, ShownState]]:
        """In an adaptive test the question that was open at the end was not asked; in a list it counts as wrong."""
        given = self.exams.given(practice.user_id, practice.id)
        states = [(row, ShownState.model_validate(row.state)) for row in given]
        return [pair for pair in states if practice.question_ids or pair[1].tries > 0]

    def _described(
        self,
        practice: PracticeSession,
        plan: ExamPlan,
        asked: Sequence[tuple[GivenRow, ShownState]],
        belief: AbilityEstimate,
    ) -> ExamResult:
        expected, pending = self._expected(practice, belief), sum(state.pending for _, state in asked)
        low, high = belief.interval
        score = sum(state.fraction for _, state in asked) / max(1, len(asked))
        return ExamResult(
            session_id=practice.id,
            ended=_ended(practice, plan, [row for row, _ in asked]),
            is_adaptive=not practice.question_ids,
            questions=len(asked),
            answered=sum(state.tries > 0 for _, state in asked),
            pending=pending,
            score=round(score, 4),
            ability=round(belief.mean, 4),
            standard_error=round(belief.standard_error, 4),
            ability_low=round(low, 4),
            ability_high=round(high, 4),
            success=None if expected is None else round(expected.success, 4),
            success_low=None if expected is None else round(expected.low, 4),
            success_high=None if expected is None else round(expected.high, 4),
            pass_mark=plan.pass_mark,
            passed=None if pending else _passed(practice, plan, belief, score),
            areas=self._areas(asked),
        )

    def _expected(self, practice: PracticeSession, belief: AbilityEstimate) -> ExpectedSuccess | None:
        """None once the subject has no question left that could be asked."""
        revision = self.practice.subject_revision(practice.subject_id)
        if revision is None:
            return None
        bank = ExamBank(self.pools.get(practice.subject_id, revision), practice.skill_ids)
        return success_interval(bank.items, belief) if bank.size else None

    def _areas(self, asked: Sequence[tuple[GivenRow, ShownState]]) -> list[AreaResult]:
        found: dict[UUID | None, list[float]] = {}
        for row, state in asked:
            if not state.pending:
                found.setdefault(row.skill_ids[0] if row.skill_ids else None, []).append(state.fraction)
        names = self.exams.area_names([skill_id for skill_id in found if skill_id is not None])
        return [
            AreaResult(
                skill_id=skill_id,
                name="" if skill_id is None else names.get(skill_id, ""),
                questions=len(scores),
                score=round(sum(scores) / len(scores), 4),
            )
            for skill_id, scores in found.items()
        ]


def _ended(practice: PracticeSession, plan: ExamPlan, asked: Sequence[GivenRow]) -> ExamEnd:
    is_late = practice.deadline_at is not None and _ended_at(practice) >= practice.deadline_at
    if practice.question_ids:
        return ExamEnd.TIME if is_late else ExamEnd.HANDED_IN
    reason = stop_reason(plan.stop_rule, posterior_of(plan, asked), len(asked))
    if reason is not None:
        return ExamEnd(reason.value)
    return ExamEnd.TIME if is_late else ExamEnd.HANDED_IN


def _ended_at(practice: PracticeSession) -> datetime:
    return practice.finished_at or practice.last_at


def _passed(practice: PracticeSession, plan: ExamPlan, belief: AbilityEstimate, score: float) -> bool | None:
    """By the marks in a list, by the ability in an adaptive test."""
    if practice.question_ids:
        return None if plan.pass_mark is None else score >= plan.pass_mark
    return None if plan.cut is None else belief.mean >= plan.cut
