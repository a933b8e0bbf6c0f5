"""What one practice step is made of, and the rows and the reply that it leaves behind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.ai.personalization.review_schedule import ReviewRating
from app.ai.personalization.user_modeling.state import Evidence
from app.domain.behaviours import GRADED_AT_THE_END, Outcome, ShownState, fingerprint, hints_shown
from app.domain.enums import TESTS, AttemptAction, Behaviour, MasteryRuleName, SessionStatus
from app.domain.grading import Grade
from app.domain.responses import Response
from app.domain.step_keys import own_key
from app.repositories.practice_step_rows import (
    AssignmentWrite,
    AttemptWrite,
    CardRow,
    EvidenceWrite,
    GradeWrite,
    StepRow,
    StepRows,
)
from app.schemas.practice import AnswerCreate, StepCreate
from app.services.learner_update import TELLS_OF_THE_QUESTION, LearnerUpdate
from app.services.practice_pool import QuestionPool
from app.services.practice_view import GradeShown, SentStep, StepEffects, mastery_effects, review_effect
from app.services.question_cache import CachedQuestion
from app.utils.ids import new_id

SKIP_WEIGHTS: Final = {AttemptAction.TOO_EASY: 0.5, AttemptAction.KNOWN: 0.25}
"""How much a student's word counts beside solving the question: people easily overrate what they know."""
RESULTS_KEPT: Final = 8


@dataclass(frozen=True, slots=True)
class Step:
    """Everything known about the step that is being made; `is_ending` when its session is being closed."""

    user_id: UUID
    body: StepCreate
    action: AttemptAction
    now: datetime
    rows: StepRows
    row: StepRow
    question: CachedQuestion
    pool: QuestionPool
    state: ShownState
    is_ending: bool = False

    @property
    def is_adaptive_test(self) -> bool:
        return self.row.mode in TESTS and not self.row.question_ids


@dataclass(frozen=True, slots=True)
class Learned:
    """What the step told of the student; `card` where it was a review of the question."""

    update: LearnerUpdate
    evidence: Evidence
    card: CardRow | None
    rating: ReviewRating | None


@dataclass(frozen=True, slots=True)
class StepResult:
    """What the rules say about the step."""

    outcome: Outcome
    grade: Grade | None = None
    evidence: Evidence | None = None
    response: Response | None = None
    certainty: int | None = None


def own_step(assignment_id: UUID, action: AttemptAction) -> StepCreate:
    """A step that the server makes itself. It is not validated as from a client, whose keys cannot be like its own."""
    return StepCreate.model_construct(assignment_id=assignment_id, client_key=own_key(assignment_id, action))


def own_answer(assignment_id: UUID, draft: Response) -> AnswerCreate:
    """A saved draft that counts as the answer."""
    key = own_key(assignment_id, "draft")
    return AnswerCreate.model_construct(assignment_id=assignment_id, client_key=key, response=draft)


def sent_step(action: AttemptAction, body: StepCreate) -> SentStep:
    if not isinstance(body, AnswerCreate):
        return SentStep(action, body.assignment_id)
    return SentStep(action, body.assignment_id, fingerprint(body.response), body.certainty)


def shown_hints(made: Step, state: ShownState) -> int:
    return hints_shown(Behaviour(made.row.behaviour), len(made.question.key.hints), state)


def recent_results(made: Step, result: StepResult) -> list[float]:
    if result.evidence is None or made.action in SKIP_WEIGHTS:
        return list(made.row.recent)
    return [*made.row.recent, result.evidence.outcome][-RESULTS_KEPT:]


def effects_of(
    made: Step, result: StepResult, learned: Learned | None, following: AssignmentWrite | None
) -> StepEffects:
    outcome, row = result.outcome, made.row
    finished = outcome.state.finished
    answered = finished and outcome.state.tries > 0
    is_first = made.action is not AttemptAction.GRADED
    over = finished and following is None and made.action is not AttemptAction.CLOSE and not made.is_ending
    hints = shown_hints(made, outcome.state)
    return StepEffects(
        finished=finished,
        tries=outcome.state.tries,
        told=made.row.behaviour not in GRADED_AT_THE_END,
        reveal=outcome.reveal_key,
        hint=hints - 1 if hints > shown_hints(made, made.state) else None,
        mastery=() if learned is None else mastery_effects(learned.update.moves),
        session=(
            SessionStatus.FINISHED.value if over else row.status,
            row.answered + (answered and is_first),
            round(row.score + (outcome.state.fraction if answered else 0.0), 6),
            round(row.mark + (outcome.mark if answered else 0.0), 6),
        ),
        next_id=None if following is None else str(following.id),
        review=None if learned is None else review_effect(learned.card, learned.rating),
        turned=outcome.state.turned,
        rule=None if made.pool.mastery_rule is MasteryRuleName.POSTERIOR else made.pool.mastery_rule.value,
    )


def attempt_of(made: Step, result: StepResult, effects: StepEffects, following: AssignmentWrite | None) -> AttemptWrite:
    status, answered, score, mark = effects.session
    return AttemptWrite(
        user_id=made.user_id,
        session_id=made.row.session_id,
        assignment_id=made.body.assignment_id,
        question_id=made.row.question_id,
        attempt_id=new_id(),
        client_key=made.body.client_key,
        action=made.action.value,
        response=None if result.response is None else result.response.model_dump(mode="json", exclude_none=True),
        certainty=result.certainty,
        elapsed_ms=made.body.elapsed_ms,
        evidence=None if result.evidence is None else result.evidence.outcome,
        weight=1.0 if result.evidence is None else result.evidence.weight,
        rating=None if effects.review is None else effects.review[0],
        model_version=made.pool.model_version,
        effects=effects.to_json(),
        now=made.now,
        shown_state=result.outcome.state.model_dump(mode="json", exclude_defaults=True),
        finished_at=made.now if effects.finished else None,
        status=status,
        session_finished_at=made.now if status == SessionStatus.FINISHED else None,
        shown=made.row.shown + (following is not None),
        session_answered=answered,
        score=score,
        session_mark=mark,
        recent=recent_results(made, result),
    )


def grade_write(made: Step, result: StepResult) -> GradeWrite | None:
    if result.grade is None:
        return None
    outcome = result.outcome
    return GradeWrite(made.row.key_id, result.grade.state, outcome.state.fraction, outcome.mark, result.grade.parts)


def grade_shown(result: StepResult) -> GradeShown | None:
    if result.grade is None:
        return None
    outcome = result.outcome
    return GradeShown(result.grade.state, outcome.state.fraction, outcome.mark, result.grade.feedback)


def evidence_write(made: Step, learned: Learned, attempt_id: UUID) -> EvidenceWrite:
    update = learned.update
    return EvidenceWrite(
        learner=update.learner,
        skills=update.skills,
        events=update.events(attempt_id, learned.evidence),
        card=learned.card,
        item_predicted=update.predicted,
        information=update.information,
        counts_for_item=made.action in TELLS_OF_THE_QUESTION,
    )
