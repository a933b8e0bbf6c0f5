"""One practice session of a simulated student, by the rules of a live one.

The simulation prescribed its questions, so each was chosen with certainty: the mode and the kind are `fixed`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.ai.personalization.difficulty_adapter.reasons import ReasonCode
from app.ai.personalization.review_schedule import PracticeResult
from app.core.config import PracticeSettings
from app.domain.behaviours import Move, Rules, ShownState, fingerprint, step
from app.domain.enums import AssignmentKind, AttemptAction, Behaviour, MasteryRuleName, PracticeMode
from app.domain.grading import correct_response, grade
from app.domain.responses import Response
from app.repositories.learner_log_repository import LoggedStep
from app.repositories.practice_step_rows import AssignmentWrite, StepRows
from app.services.learner_replay import LearnerHistory, QuestionTotals
from app.services.learner_update import LearnerUpdate
from app.services.practice_chooser import Chooser
from app.services.practice_planner import SessionPlan, assignment_of, learner_of
from app.services.practice_pool import QuestionPool
from app.services.practice_view import review_effect
from app.services.question_cache import CachedQuestion
from app.services.review_update import rate

from .seeding_mistakes import Mistakes
from .seeding_rows import Answered, PracticeRows, Standing, dated_id, effects_of
from .students import SimulatedAnswer

_SETTINGS: Final = PracticeSettings()


@dataclass(frozen=True)
class Shelf:
    """The questions that are asked; `ids` maps external ids to stored questions."""

    subject_id: UUID
    pool: QuestionPool
    ids: Mapping[str, UUID]
    questions: Mapping[UUID, CachedQuestion]
    skills: Mapping[UUID, Sequence[UUID]]
    mistakes: Mistakes

    def response(self, question: CachedQuestion, seed: int, *, right: bool) -> Response:
        solved = correct_response(question.content, question.key, seed) if right else None
        return solved or self.mistakes.response(question, seed)


@dataclass(frozen=True)
class Student:
    user_id: UUID
    history: LearnerHistory


class Sitting:
    def __init__(self, shelf: Shelf, student: Student, totals: QuestionTotals, seed: int) -> None:
        self._shelf, self._student, self._totals, self._seed = shelf, student, totals, seed

    def practise(self, answers: Sequence[SimulatedAnswer], rows: PracticeRows) -> None:
        """Answer every question of a list, one at a time; each is shown when the one before has been answered."""
        began = answers[0].at - timedelta(seconds=answers[0].seconds)
        shown_at = [began, *(answer.at for answer in answers[:-1])]
        ids = [dated_id(at) for at in shown_at]
        plan = self._plan([self._shelf.ids[answer.external_id] for answer in answers], began)
        standing = Standing()
        for position, answer in enumerate(answers):
            shown = self._shown(replace(plan, position=position), shown_at[position])
            answered = self._answered(replace(shown, id=ids[position]), answer)
            standing.take(answered, len(answers))
            update = self._learn(answered, plan)
            following = ids[position + 1] if position + 1 < len(ids) else None
            effects = effects_of(standing, update.moves if update else (), following)
            review = review_effect(self._student.history.cards.get(answered.shown.question_id), answered.rating)
            rows.add_answer(answered, replace(effects, review=review))
        rows.add_session(plan, standing, began, answers[-1].at)

    def _plan(self, question_ids: Sequence[UUID], began: datetime) -> SessionPlan:
        return SessionPlan(
            user_id=self._student.user_id,
            session_id=dated_id(began),
            subject_id=self._shelf.subject_id,
            mode=PracticeMode.FIXED,
            skill_ids=(),
            question_ids=question_ids,
            target_success=_SETTINGS.target_success,
            length=len(question_ids),
            seed=self._seed,
            position=0,
            results=(),
        )

    def _shown(self, plan: SessionPlan, shown_at: datetime) -> AssignmentWrite:
        history = self._student.history
        learner = learner_of(StepRows(history.learner, list(history.skills.values()), b"", None))
        chooser = Chooser(self._shelf.pool, learner, _SETTINGS)
        chosen = chooser.fixed(plan.question_ids[plan.position], AssignmentKind.FIXED, ReasonCode.PRESCRIBED)
        if chosen is None:
            raise LookupError("a simulated answer names a question that is not published")
        return assignment_of(plan, chosen, shown_at)

    def _answered(self, shown: AssignmentWrite, answer: SimulatedAnswer) -> Answered:
        question = self._shelf.questions[shown.question_id]
        response = self._shelf.response(question, shown.seed, right=answer.response_right)
        graded = grade(question.content, question.key, response, seed=shown.seed)
        rules = Rules(Behaviour.IMMEDIATE, question.key.penalty, len(question.key.hints))
        outcome = step(rules, ShownState(), Move(AttemptAction.ANSWER, graded, fingerprint(response)))
        return Answered(
            shown,
            question.key_id,
            response,
            graded,
            outcome,
            attempt_id=dated_id(answer.at),
            rating=rate(response, PracticeResult(graded.fraction)),
            at=answer.at,
            elapsed_ms=round(1_000 * answer.seconds),
        )

    def _learn(self, answered: Answered, plan: SessionPlan) -> LearnerUpdate | None:
        shown = answered.shown
        logged = LoggedStep(
            user_id=shown.user_id,
            attempt_id=answered.attempt_id,
            assignment_id=shown.id,
            subject_id=plan.subject_id,
            question_id=shown.question_id,
            action=AttemptAction.ANSWER,
            evidence=answered.graded.fraction,
            weight=1.0,
            rating=answered.rating,
            elapsed_ms=answered.elapsed_ms,
            answered_at=answered.at,
            model_version=shown.model_version,
            difficulty=shown.difficulty,
            item_answers=shown.item_answers,
            guess=shown.guess,
            session_skill_ids=list(plan.skill_ids),
            skill_ids=list(self._shelf.skills[shown.question_id]),
            mastery_rule=MasteryRuleName.POSTERIOR,
        )
        update = self._student.history.take(logged)
        self._totals.take(logged, update)
        return update
