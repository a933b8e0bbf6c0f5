"""The hot path: one step on the shown question, in two network trips and the commit."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.ai.personalization.review_schedule import PracticeResult, ReviewRating, settings_of
from app.ai.personalization.user_modeling.state import Evidence
from app.core.config import PracticeSettings
from app.core.errors import AppError, ConflictError, InvalidInputError, NotFoundError
from app.core.security import AccessClaims
from app.core.telemetry import ANSWERS
from app.domain.behaviours import (
    GRADED_AT_THE_END,
    Move,
    Outcome,
    Rules,
    ShownState,
    fingerprint,
    settle,
    step,
)
from app.domain.enums import AttemptAction, Behaviour, PracticeMode, QuestionType, SessionStatus
from app.domain.grading import Grade, grade
from app.repositories.practice_step_repository import PracticeStepRepository
from app.repositories.practice_step_rows import (
    AssignmentWrite,
    StepKey,
    StepRow,
)
from app.schemas.practice import AnswerCreate, SkipCreate, StepCreate, StepRead
from app.services.acting import acting_user
from app.services.answer_weight import weight_of_answer
from app.services.learner_update import TELLS_OF_THE_QUESTION, AskedItem, apply_evidence
from app.services.mastery_update import asks_several_skills
from app.services.practice_planner import PracticePlanner, SessionPlan
from app.services.practice_pool import PoolCache
from app.services.practice_replies import PracticeReplies
from app.services.practice_step_records import (
    SKIP_WEIGHTS,
    Learned,
    Step,
    StepResult,
    attempt_of,
    effects_of,
    evidence_write,
    grade_shown,
    grade_write,
    own_step,
    recent_results,
    sent_step,
)
from app.services.practice_view import StepReply
from app.services.question_cache import QuestionCache
from app.services.review_update import SURE, pace, rate, reviewed


class SessionNotActiveError(ConflictError):
    code = "session_not_active"


class TimeIsUpError(ConflictError):
    """The deadline of the exam has passed; what was sent in time and the drafts that were saved count."""

    code = "time_is_up"


class QuestionFinishedError(ConflictError):
    code = "question_finished"


class InvalidResponseError(InvalidInputError):
    """The answer cannot be graded. It was not stored and did not use up a try."""

    code = "invalid_response"


class PracticeSteps:
    def __init__(
        self, session: Session, pools: PoolCache, questions: QuestionCache, settings: PracticeSettings
    ) -> None:
        self.session, self.pools, self.questions, self.settings = session, pools, questions, settings
        self.repository = PracticeStepRepository(session)
        self.planner = PracticePlanner(session, settings)
        self.replies = PracticeReplies(session, questions)

    def answer(self, claims: AccessClaims, session_id: UUID, body: AnswerCreate, now: datetime) -> StepRead:
        """Grade one answer and choose what comes next.

        Raises:
            NotFoundError: No such session or question of this student.
            SessionNotActiveError, QuestionFinishedError, TimeIsUpError: Too late for an answer.
            InvalidResponseError: Empty, unreadable, or foreign to the question; nothing was stored.
            IdempotencyKeyReusedError: The key belongs to another step.
        """
        made = self._begin(claims, session_id, body, AttemptAction.ANSWER, now)
        if isinstance(made, StepRead):
            return made
        return self._answer(made, body)

    def hand_in(self, claims: AccessClaims, session_id: UUID, body: AnswerCreate, now: datetime) -> None:
        """Take in a saved draft when its session ends: as an answer, but in spite of the time and without a sequel.

        Raises:
            InvalidResponseError: The draft is no answer yet.
        """
        made = self._load(claims, session_id, body, AttemptAction.ANSWER, now)
        if isinstance(made, Step):
            self._answer(replace(made, is_ending=True), body)

    def _answer(self, made: Step, body: AnswerCreate) -> StepRead:
        graded = grade(made.question.content, made.question.key, body.response, seed=made.row.seed)
        move = Move(AttemptAction.ANSWER, graded, fingerprint(body.response), body.certainty)
        outcome = step(_rules(made), made.state, move)
        if outcome.message:
            raise InvalidResponseError(outcome.message)
        evidence = _evidence_of_answer(made, graded) if outcome.counted else None
        return self._finish(made, StepResult(outcome, graded, evidence, body.response, body.certainty))

    def hint(self, claims: AccessClaims, session_id: UUID, body: StepCreate, now: datetime) -> StepRead:
        """Show the next hint of the question, if it has one left."""
        made = self._begin(claims, session_id, body, AttemptAction.HINT, now)
        if isinstance(made, StepRead):
            return made
        return self._finish(made, StepResult(_allowed(made)))

    def turn(self, claims: AccessClaims, session_id: UUID, body: StepCreate, now: datetime) -> StepRead:
        """Show the back of a flashcard, to be rated next."""
        made = self._begin(claims, session_id, body, AttemptAction.REVEAL, now)
        if isinstance(made, StepRead):
            return made
        return self._finish(made, StepResult(_allowed(made)))

    def skip(self, claims: AccessClaims, session_id: UUID, body: SkipCreate, now: datetime) -> StepRead:
        """Leave the question: "too easy" and "I know this" are weak evidence, "not now" is no evidence at all.

        "I don't know" counts as a wrong answer.
        """
        made = self._begin(claims, session_id, body, AttemptAction(body.reason), now)
        if isinstance(made, StepRead):
            return made
        outcome, evidence = _allowed(made), None
        if made.state.tries == 0 and outcome.counted:
            evidence = Evidence(outcome.fraction, 1.0, now)
        elif made.state.tries == 0 and made.action in SKIP_WEIGHTS and not made.state.turned:
            evidence = Evidence(1.0, SKIP_WEIGHTS[made.action], now)
        return self._finish(made, StepResult(outcome, evidence=evidence))

    def close(self, claims: AccessClaims, session_id: UUID, assignment_id: UUID, now: datetime) -> None:
        """End a question whose grade was put off to the end of the session; now its answer counts."""
        body = own_step(assignment_id, AttemptAction.CLOSE)
        made = self._load(claims, session_id, body, AttemptAction.CLOSE, now)
        if isinstance(made, StepRead):
            return
        outcome = _allowed(made)
        evidence = Evidence(outcome.state.fraction, 1.0, now) if outcome.counted else None
        self._finish(made, StepResult(outcome, evidence=evidence))

    def settle(self, claims: AccessClaims, place: tuple[UUID, UUID], fraction: float, now: datetime) -> bool:
        """Let an answer count that a teacher has graded; False when it does not wait for a grade (any more).

        Args:
            claims: Of the student.
            place: The session and the assignment in it.
            fraction: Of the mark, in [0, 1].
            now: Time of the grade.
        """
        session_id, assignment_id = place
        body = own_step(assignment_id, AttemptAction.GRADED)
        made = self._read(claims, session_id, body, AttemptAction.GRADED, now)
        if isinstance(made, StepRead) or not (made.state.pending and made.state.finished):
            return False
        outcome = settle(_rules(made), made.state, fraction)
        made = replace(made, is_ending=True)
        self._finish(made, StepResult(outcome, evidence=Evidence(fraction, 1.0, now)))
        return True

    def _begin(
        self, claims: AccessClaims, session_id: UUID, body: StepCreate, action: AttemptAction, now: datetime
    ) -> Step | StepRead:
        made = self._load(claims, session_id, body, action, now)
        if isinstance(made, Step):
            _check_in_time(made, self.settings.exam_grace_s)
        return made

    def _load(
        self, claims: AccessClaims, session_id: UUID, body: StepCreate, action: AttemptAction, now: datetime
    ) -> Step | StepRead:
        made = self._read(claims, session_id, body, action, now)
        if isinstance(made, Step):
            _check_open(made.row)
        return made

    def _read(
        self, claims: AccessClaims, session_id: UUID, body: StepCreate, action: AttemptAction, now: datetime
    ) -> Step | StepRead:
        """Lock and read; a resend comes back as the reply it got the first time.

        Raises:
            NotFoundError: No such session or question of this student.
            IdempotencyKeyReusedError: The key belongs to another step.
        """
        since = now - timedelta(days=self.settings.repeat_after_days)
        key = StepKey(claims, session_id, body.assignment_id, body.client_key, since, now)
        rows = self.repository.read(key)
        if rows is None:
            raise self._refusal(claims)
        row = rows.step
        if row is None or (row.assignment_id is None and row.earlier_attempt is None):
            raise NotFoundError("No such practice session or question.")
        if row.earlier_attempt is not None:
            return self.replies.repeat(claims.user_id, row, row.earlier_attempt, sent_step(action, body))
        question = self.questions.get(self.session, row.version_id, row.key_id)
        pool = self.pools.get(row.subject_id, row.content_revision)
        state = ShownState.model_validate(row.state)
        return Step(claims.user_id, body, action, now, rows, row, question, pool, state)

    def _refusal(self, claims: AccessClaims) -> AppError:
        """A student who never practised has nothing to lock, as has a login that has ended, which raises."""
        acting_user(self.session, claims)
        return NotFoundError("No such practice session or question.")

    def _finish(self, made: Step, result: StepResult) -> StepRead:
        """Apply the evidence, choose the next question, write everything, tell the student."""
        learned = None if result.evidence is None else _learn(made, result, result.evidence)
        following = self._following(made, result, learned) if _moves_on(made, result.outcome) else None
        effects = effects_of(made, result, learned, following)
        attempt = attempt_of(made, result, effects, following)
        evidence = None if learned is None else evidence_write(made, learned, attempt.attempt_id)
        self.repository.write(attempt, grade_write(made, result), evidence, following)
        ANSWERS.labels(made.action, result.grade.state if result.grade else "none").inc()
        reply = StepReply(
            attempt.attempt_id,
            made.action,
            made.row.session_id,
            made.row.length,
            grade_shown(result),
            effects,
            made.row.seed,
        )
        return self.replies.first(reply, made.question, following)

    def _following(self, made: Step, result: StepResult, learned: Learned | None) -> AssignmentWrite | None:
        rows = replace(made.rows, recent=made.row.question_id.bytes + made.rows.recent)
        if learned is not None:
            update = learned.update
            changed = {row.skill_id: row for row in rows.skills} | {row.skill_id: row for row in update.skills}
            rows = replace(rows, learner=update.learner, skills=list(changed.values()))
        return self.planner.following(_plan(made, result), made.pool, rows, made.now)


def _check_open(row: StepRow) -> None:
    if row.status != SessionStatus.ACTIVE:
        raise SessionNotActiveError(f"This session is {row.status}.")
    if row.finished_at is not None:
        raise QuestionFinishedError("This question has been answered already.")


def _check_in_time(made: Step, grace_s: float) -> None:
    deadline = made.row.deadline_at
    if deadline is not None and made.now > deadline + timedelta(seconds=grace_s):
        raise TimeIsUpError("The time of this exam is up. Hand it in to see the result.")
    if made.is_adaptive_test and made.state.tries > 0:
        raise QuestionFinishedError("In an adaptive test an answer is final: the next question follows from it.")


def _rules(made: Step) -> Rules:
    key, is_card = made.question.key, made.question.content.type is QuestionType.FLASHCARD
    return Rules(Behaviour(made.row.behaviour), key.penalty, len(key.hints), is_card)


def _allowed(made: Step) -> Outcome:
    """The outcome of an action without an answer; raises ConflictError when the behaviour has no place for it."""
    outcome = step(_rules(made), made.state, Move(made.action))
    if outcome.message:
        raise ConflictError(outcome.message)
    return outcome


def _evidence_of_answer(made: Step, graded: Grade) -> Evidence | None:
    """The first answer tells the model something; with a hint it tells less of success, later tries tell nothing."""
    if made.state.tries > 0 or made.question.content.type is QuestionType.DESCRIPTION:
        return None
    helped = max(0.0, 1.0 - made.question.key.penalty * made.state.hints)
    weight = weight_of_answer(made.body.elapsed_ms, made.row.usual_ms, made.question.content)
    return Evidence(graded.fraction * helped, weight, made.now)


def _moves_on(made: Step, outcome: Outcome) -> bool:
    """A finished question makes room for the next; a deferred one stays open behind it after its first answer."""
    if made.action is AttemptAction.CLOSE or made.is_ending:
        return False
    is_latest = made.row.position == made.row.shown - 1
    is_put_off = made.row.behaviour in GRADED_AT_THE_END and made.state.tries == 0 and outcome.state.tries > 0
    return is_latest and (outcome.state.finished or is_put_off)


def _learn(made: Step, result: StepResult, evidence: Evidence) -> Learned:
    row, pool = made.row, made.pool
    offsets = [pool.offset_of(skill_id) for skill_id in row.question_skills]
    is_mixed = asks_several_skills(row.skill_ids)
    item = AskedItem(
        row.difficulty, row.item_answers, row.guess, row.question_skills, offsets, is_mixed, pool.mastery_rule
    )
    skills = {skill.skill_id: skill for skill in made.rows.skills}
    update = apply_evidence(pool.population, made.rows.learner, skills, item, evidence)
    rating = _rating(made, result)
    if rating is None:
        return Learned(update, evidence, None, None)
    place, memory = (row.question_id, row.subject_id), settings_of(made.rows.memory)
    card = reviewed(made.rows.card, place, rating, made.now, memory)
    return Learned(update, evidence, card, rating)


def _rating(made: Step, result: StepResult) -> ReviewRating | None:
    """Only an answer is a review of its question, and it counts once in a showing, as evidence does."""
    if made.action not in TELLS_OF_THE_QUESTION:
        return None
    state, graded = result.outcome.state, result.grade
    return rate(
        result.response,
        PracticeResult(
            score=state.fraction if graded is None else graded.fraction,
            hints=made.state.hints,
            pace=pace(made.body.elapsed_ms, made.row.usual_ms),
            is_sure=state.certainty == SURE,
        ),
    )


def _plan(made: Step, result: StepResult) -> SessionPlan:
    results, latest = recent_results(made, result), (made.body.assignment_id, result.outcome.state)
    row = made.row
    return SessionPlan(
        user_id=made.user_id,
        session_id=row.session_id,
        subject_id=row.subject_id,
        mode=PracticeMode(row.mode),
        skill_ids=row.skill_ids,
        question_ids=row.question_ids,
        target_success=row.target_success,
        length=row.length,
        seed=row.session_seed,
        position=row.shown,
        results=results,
        latest=latest,
    )
