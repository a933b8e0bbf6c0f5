"""Another grade in the place of an earlier one, and all that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.ai.personalization.mastery import MasteryChange
from app.ai.personalization.review_schedule import PracticeResult
from app.domain.behaviours import GRADED_AT_THE_END, Outcome, Rules, ShownState, settle
from app.domain.enums import AttemptAction, Behaviour
from app.domain.step_keys import own_key
from app.models import Assignment, Attempt, PracticeSession
from app.repositories.learner_log_repository import LoggedStep
from app.repositories.practice_repository import PracticeRepository
from app.repositories.practice_step_rows import CardRow, SkillRow
from app.services.learner_replay import LearnerCorrection
from app.services.practice_view import MasteryEffect, StepEffects, review_effect
from app.services.question_cache import QuestionCache
from app.services.review_update import SURE, rate
from app.utils.ids import new_id


@dataclass(frozen=True, slots=True)
class CorrectedGrade:
    """`number` is that of the new grade, counted from 1; `fraction` of the points."""

    assignment_id: UUID
    number: int
    fraction: float


class GradeCorrection:
    """The caller holds the lock of the learner."""

    def __init__(self, session: Session, questions: QuestionCache) -> None:
        self.session, self.questions = session, questions
        self.practice = PracticeRepository(session)

    def correct(self, user_id: UUID, grade: CorrectedGrade, now: datetime) -> None:
        """Append the correction to the log of the student; states follow as if this grade had been the first.

        Raises:
            LookupError: The answer has never been graded by a person.
        """
        learner = LearnerCorrection(self.session, user_id)
        graded = learner.graded(grade.assignment_id)
        shown, practice = self._shown(user_id, grade.assignment_id)
        outcome = self._settle(shown, practice, grade.fraction)
        score = PracticeResult(grade.fraction, outcome.state.hints, is_sure=outcome.state.certainty == SURE)
        step = graded._replace(
            attempt_id=new_id(),
            action=AttemptAction.REGRADED.value,
            evidence=grade.fraction,
            rating=None if graded.rating is None else rate(None, score).value,
            answered_at=now,
        )
        changed = learner.apply(step)
        effects = _effects(
            practice, outcome, (step, changed.before, changed.after), changed.cards.get(step.question_id)
        )
        key = own_key(grade.assignment_id, AttemptAction.REGRADED, str(grade.number))
        self.session.add(_attempt(step, key, effects))
        self.session.flush()

    def _shown(self, user_id: UUID, assignment_id: UUID) -> tuple[Assignment, PracticeSession]:
        shown = self.practice.assignment(user_id, assignment_id)
        practice = None if shown is None else self.practice.get(user_id, shown.session_id)
        if shown is None or practice is None:
            raise LookupError(f"assignment {assignment_id} is gone although it was graded")
        self.session.refresh(shown)
        self.session.refresh(practice)
        return shown, practice

    def _settle(self, shown: Assignment, practice: PracticeSession, fraction: float) -> Outcome:
        """The shown question and the sums of its session, with the new grade instead of the former one."""
        question = self.questions.get(self.session, shown.version_id)
        rules = Rules(Behaviour(practice.behaviour), question.key.penalty, len(question.key.hints))
        state = ShownState.model_validate(shown.state)
        former, outcome = settle(rules, state, state.fraction), settle(rules, state, fraction)
        shown.state = outcome.state.model_dump(mode="json", exclude_defaults=True)
        practice.score = round(practice.score + outcome.fraction - former.fraction, 6)
        practice.mark = round(practice.mark + outcome.mark - former.mark, 6)
        self.session.flush()
        return outcome


def _effects(
    practice: PracticeSession,
    outcome: Outcome,
    change: tuple[LoggedStep, Mapping[UUID, SkillRow], Mapping[UUID, SkillRow]],
    card: CardRow | None,
) -> StepEffects:
    step, before, after = change
    return StepEffects(
        finished=True,
        tries=outcome.state.tries,
        told=practice.behaviour not in GRADED_AT_THE_END,
        reveal=outcome.reveal_key,
        hint=None,
        mastery=tuple(_mastery_effect(before[skill_id], after[skill_id]) for skill_id in step.skill_ids),
        session=(practice.status, practice.answered, practice.score, practice.mark),
        next_id=None,
        review=review_effect(card, step.rating),
    )


def _mastery_effect(before: SkillRow, after: SkillRow) -> MasteryEffect:
    causes = (MasteryChange.CORRECTED.value,) if before.state != after.state else ()
    chances = round(before.mastery, 4), round(after.mastery, 4)
    return (str(after.skill_id), *chances, before.state, after.state, causes)


def _attempt(step: LoggedStep, client_key: str, effects: StepEffects) -> Attempt:
    return Attempt(
        user_id=step.user_id,
        id=step.attempt_id,
        assignment_id=step.assignment_id,
        question_id=step.question_id,
        client_key=client_key,
        action=step.action,
        elapsed_ms=0,
        evidence=step.evidence,
        weight=step.weight,
        rating=step.rating,
        model_version=step.model_version,
        effects=effects.to_json(),
        answered_at=step.answered_at,
    )
