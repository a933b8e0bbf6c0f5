"""Practice sessions: start, look, pause, resume, finish."""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.config import PracticeSettings
from app.core.errors import ConflictError, InvalidInputError, NotFoundError, UnauthenticatedError
from app.core.security import AccessClaims
from app.domain.behaviours import GRADED_AT_THE_END
from app.domain.enums import TESTS, Behaviour, PracticeMode, SessionStatus
from app.domain.permissions import Actor
from app.domain.responses import Response
from app.models import PracticeSession
from app.repositories.exam_repository import ExamRepository
from app.repositories.practice_repository import PracticeRepository
from app.repositories.practice_step_repository import PracticeStepRepository
from app.repositories.practice_step_rows import AssignmentWrite, StepKey, StepRows
from app.schemas.practice import SessionCreate, SessionRead, ShownQuestion
from app.services.exam_guard import ExamGuard
from app.services.exam_setup import ExamSetup, deadline
from app.services.practice_planner import PracticePlanner, SessionPlan
from app.services.practice_pool import PoolCache, QuestionPool
from app.services.practice_replies import PracticeReplies
from app.services.practice_step_records import own_answer
from app.services.practice_steps import InvalidResponseError, PracticeSteps, SessionNotActiveError
from app.services.question_cache import QuestionCache
from app.utils.ids import new_id


class NothingToPractiseError(ConflictError):
    code = "nothing_to_practise"


class PracticeService:
    def __init__(
        self, session: Session, pools: PoolCache, questions: QuestionCache, settings: PracticeSettings
    ) -> None:
        self.session, self.pools, self.settings = session, pools, settings
        self.practice = PracticeRepository(session)
        self.storage = PracticeStepRepository(session)
        self.planner, self.tests = PracticePlanner(session, settings), ExamSetup(session, settings)
        self.exams, self.guard = ExamRepository(session), ExamGuard(session, settings)
        self.replies = PracticeReplies(session, questions)
        self.steps = PracticeSteps(session, pools, questions, settings)

    def start(self, claims: AccessClaims, wish: SessionCreate, preferred: float | None, now: datetime) -> SessionRead:
        """Open a session with its first question.

        Raises:
            NotFoundError: Unknown or archived subject.
            InvalidInputError: Skills of another subject, or a list that does not go with the mode.
            ExamRunningError: While a timed exam runs.
            NothingToPractiseError: Nothing published fits the wish.
        """
        pool = self._pool(wish)
        self.practice.ensure_learner(claims.user_id, pool.population.user_mean, pool.population.user_variance)
        practice = self._open(claims.user_id, wish, preferred, now)
        rows = self._rows(claims, practice.id, now)
        self.guard.check(practice.user_id, now, beside=practice.id)
        if wish.mode in TESTS:
            self._set_up(practice, wish, pool, rows)
        shown = self._first_questions(practice, pool, rows, now)
        if not shown:
            raise NothingToPractiseError("There is no published question for this wish.")
        for assignment in shown:
            self.storage.add_assignment(assignment)
        practice.shown = len(shown)
        self.session.flush()
        return self.read(practice, now)

    def _set_up(self, practice: PracticeSession, wish: SessionCreate, pool: QuestionPool, rows: StepRows) -> None:
        plan = self.tests.plan(practice, wish, pool, rows)
        practice.test, practice.length = plan.to_json(), plan.most
        practice.deadline_at = deadline(plan, practice.started_at)
        self.session.flush()
        if practice.deadline_at is not None:
            self.exams.pause_others(practice.user_id, practice.id)

    def _first_questions(
        self, practice: PracticeSession, pool: QuestionPool, rows: StepRows, now: datetime
    ) -> list[AssignmentWrite]:
        plan = _first_slot(practice)
        if plan.mode in TESTS and plan.question_ids:
            return self.planner.paper(plan, pool, rows, now)
        following = self.planner.following(plan, pool, rows, now)
        return [] if following is None else [following]

    def get(self, user_id: UUID, session_id: UUID, now: datetime) -> SessionRead:
        return self.read(self._owned(user_id, session_id), now)

    def pause(self, actor: Actor, session_id: UUID, now: datetime) -> SessionRead:
        return self._move(actor, session_id, (SessionStatus.ACTIVE, SessionStatus.PAUSED), now)

    def resume(self, actor: Actor, session_id: UUID, now: datetime) -> SessionRead:
        return self._move(actor, session_id, (SessionStatus.PAUSED, SessionStatus.ACTIVE), now)

    def finish(self, claims: AccessClaims, session_id: UUID, now: datetime) -> SessionRead:
        """End the session and count what was put off; finishing a finished one changes nothing.

        Raises:
            ExamRunningError: It is not the exam that runs: its summary would tell keys.
        """
        practice = self._locked(claims.user_id, session_id)
        if practice.deadline_at is None:
            self.guard.check(claims.user_id, now, beside=session_id)
        if practice.status != SessionStatus.FINISHED:
            practice.status = SessionStatus.ACTIVE
            self.session.flush()
            if practice.behaviour in GRADED_AT_THE_END:
                self._hand_in_drafts(claims, session_id, now)
            for assignment_id in self.practice.answered_and_open(claims.user_id, session_id):
                self.steps.close(claims, session_id, assignment_id, now)
            self.session.refresh(practice)
            practice.status, practice.finished_at, practice.last_at = SessionStatus.FINISHED, now, now
            self.session.flush()
        return self.read(practice, now)

    def _hand_in_drafts(self, claims: AccessClaims, session_id: UUID, now: datetime) -> None:
        """What was written and not sent before an exam ended counts, if it is an answer at all."""
        for assignment_id, response in self.exams.drafts_to_hand_in(claims.user_id, session_id):
            body = own_answer(assignment_id, Response.model_validate(response))
            with suppress(InvalidResponseError):
                self.steps.hand_in(claims, session_id, body, now)
        self.exams.delete_drafts(claims.user_id, session_id)

    def read(self, practice: PracticeSession, now: datetime) -> SessionRead:
        current = None
        if practice.status != SessionStatus.FINISHED:
            current = self._current(practice)
        computed = {"current", "seconds_left"}
        fields = {name: getattr(practice, name) for name in SessionRead.model_fields if name not in computed}
        return SessionRead(**fields, current=current, seconds_left=seconds_left(practice, now))

    def _current(self, practice: PracticeSession) -> ShownQuestion | None:
        assignment = self.practice.open_assignment(practice.user_id, practice.id)
        return None if assignment is None else self.replies.current(assignment, Behaviour(practice.behaviour))

    def _move(
        self, actor: Actor, session_id: UUID, change: tuple[SessionStatus, SessionStatus], now: datetime
    ) -> SessionRead:
        before, after = change
        practice = self._locked(actor.user_id, session_id)
        if practice.deadline_at is not None:
            raise ConflictError("The time of an exam runs on; it cannot be paused.")
        if after == SessionStatus.ACTIVE:
            self.guard.check(practice.user_id, now, beside=practice.id)
        if practice.status not in change:
            raise SessionNotActiveError(f"This session is {practice.status}.")
        if practice.status == before:
            practice.status, practice.last_at = after, now
            self.session.flush()
        return self.read(practice, now)

    def _owned(self, user_id: UUID, session_id: UUID) -> PracticeSession:
        practice = self.practice.get(user_id, session_id)
        if practice is None:
            raise NotFoundError("No such practice session.")
        return practice

    def _locked(self, user_id: UUID, session_id: UUID) -> PracticeSession:
        self.practice.lock_learner(user_id)
        return self._owned(user_id, session_id)

    def _pool(self, wish: SessionCreate) -> QuestionPool:
        revision = self.practice.subject_revision(wish.subject_id)
        if revision is None:
            raise NotFoundError("No such subject.")
        self._check(wish)
        return self.pools.get(wish.subject_id, revision)

    def _check(self, wish: SessionCreate) -> None:
        takes_list = wish.mode is PracticeMode.FIXED or (wish.mode is PracticeMode.EXAM and wish.question_ids)
        if bool(wish.question_ids) != bool(takes_list):
            raise InvalidInputError("The fixed mode needs a list of question_ids, an exam may have one.")
        if wish.test is not None and wish.mode not in TESTS:
            raise InvalidInputError("Only a placement or an exam takes the settings of a test.")
        skill_ids = set(wish.skill_ids)
        if skill_ids and self.practice.owned_subject_skills(wish.subject_id, list(skill_ids)) != len(skill_ids):
            raise InvalidInputError("A skill does not belong to this subject.")

    def _open(self, user_id: UUID, wish: SessionCreate, preferred: float | None, now: datetime) -> PracticeSession:
        length = wish.length
        if wish.question_ids:
            length = min(length or len(wish.question_ids), len(set(wish.question_ids)))
        practice = PracticeSession(
            user_id=user_id,
            id=new_id(),
            subject_id=wish.subject_id,
            mode=wish.mode.value,
            behaviour=Behaviour.EXAM.value if wish.mode in TESTS else wish.behaviour.value,
            status=SessionStatus.ACTIVE.value,
            skill_ids=list(dict.fromkeys(wish.skill_ids)),
            question_ids=list(dict.fromkeys(wish.question_ids)),
            target_success=wish.target_success or preferred or self.settings.target_success,
            length=length,
            seed=secrets.randbits(48),
            started_at=now,
            last_at=now,
        )
        self.session.add(practice)
        self.session.flush()
        return practice

    def _rows(self, claims: AccessClaims, session_id: UUID, now: datetime) -> StepRows:
        since = now - timedelta(days=self.settings.repeat_after_days)
        rows = self.storage.read(StepKey(claims, session_id, None, "", since, now))
        if rows is None:
            raise UnauthenticatedError("This login has ended.")
        return rows


def seconds_left(practice: PracticeSession, now: datetime) -> float | None:
    """Of an exam with a time limit; 0 when it is up or handed in."""
    if practice.deadline_at is None:
        return None
    is_over = practice.status == SessionStatus.FINISHED
    return 0.0 if is_over else max(0.0, round((practice.deadline_at - now).total_seconds(), 3))


def _first_slot(practice: PracticeSession) -> SessionPlan:
    return SessionPlan(
        user_id=practice.user_id,
        session_id=practice.id,
        subject_id=practice.subject_id,
        mode=PracticeMode(practice.mode),
        skill_ids=practice.skill_ids,
        question_ids=practice.question_ids,
        target_success=practice.target_success,
        length=practice.length,
        seed=practice.seed,
        position=0,
        results=(),
    )
