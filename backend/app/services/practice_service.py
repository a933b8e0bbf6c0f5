"""Practice sessions: start, look, pause, resume, finish."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.config import PracticeSettings
from app.core.errors import ConflictError, InvalidInputError, NotFoundError, UnauthenticatedError
from app.core.security import AccessClaims
from app.domain.enums import Behaviour, PracticeMode, SessionStatus
from app.domain.permissions import Actor
from app.models import PracticeSession
from app.repositories.practice_repository import PracticeRepository
from app.repositories.practice_step_repository import PracticeStepRepository
from app.repositories.practice_step_rows import StepKey, StepRows
from app.schemas.practice import SessionCreate, SessionRead, ShownQuestion
from app.services.practice_planner import PracticePlanner, SessionPlan
from app.services.practice_pool import PoolCache, QuestionPool
from app.services.practice_replies import PracticeReplies
from app.services.practice_steps import PracticeSteps, SessionNotActiveError
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
        self.planner = PracticePlanner(session, settings)
        self.replies = PracticeReplies(session, questions)
        self.steps = PracticeSteps(session, pools, questions, settings)

    def start(self, claims: AccessClaims, wish: SessionCreate, preferred: float | None, now: datetime) -> SessionRead:
        """Open a session with its first question.

        Raises:
            NotFoundError: Unknown or archived subject.
            InvalidInputError: Skills of another subject, or a list that does not go with the mode.
            NothingToPractiseError: Nothing published fits the wish.
        """
        pool = self._pool(wish)
        self.practice.ensure_learner(claims.user_id, pool.population.user_variance)
        practice = self._open(claims.user_id, wish, preferred, now)
        rows = self._rows(claims, practice.id, now)
        following = self.planner.following(_first_slot(practice), pool, rows, now)
        if following is None:
            raise NothingToPractiseError("There is no published question for this wish.")
        self.storage.add_assignment(following)
        practice.shown = 1
        self.session.flush()
        return self.read(practice)

    def get(self, user_id: UUID, session_id: UUID) -> SessionRead:
        return self.read(self._owned(user_id, session_id))

    def pause(self, actor: Actor, session_id: UUID, now: datetime) -> SessionRead:
        return self._move(actor, session_id, (SessionStatus.ACTIVE, SessionStatus.PAUSED), now)

    def resume(self, actor: Actor, session_id: UUID, now: datetime) -> SessionRead:
        return self._move(actor, session_id, (SessionStatus.PAUSED, SessionStatus.ACTIVE), now)

    def finish(self, claims: AccessClaims, session_id: UUID, now: datetime) -> SessionRead:
        """End the session and count what was put off; finishing a finished one changes nothing."""
        practice = self._locked(claims.user_id, session_id)
        if practice.status != SessionStatus.FINISHED:
            practice.status = SessionStatus.ACTIVE
            self.session.flush()
            for assignment_id in self.practice.answered_and_open(claims.user_id, session_id):
                self.steps.close(claims, session_id, assignment_id, now)
            self.session.refresh(practice)
            practice.status, practice.finished_at, practice.last_at = SessionStatus.FINISHED, now, now
            self.session.flush()
        return self.read(practice)

    def read(self, practice: PracticeSession) -> SessionRead:
        current = None
        if practice.status != SessionStatus.FINISHED:
            current = self._current(practice)
        fields = {name: getattr(practice, name) for name in SessionRead.model_fields if name != "current"}
        return SessionRead(**fields, current=current)

    def _current(self, practice: PracticeSession) -> ShownQuestion | None:
        assignment = self.practice.open_assignment(practice.user_id, practice.id)
        return None if assignment is None else self.replies.current(assignment, Behaviour(practice.behaviour))

    def _move(
        self, actor: Actor, session_id: UUID, change: tuple[SessionStatus, SessionStatus], now: datetime
    ) -> SessionRead:
        before, after = change
        practice = self._locked(actor.user_id, session_id)
        if practice.status not in change:
            raise SessionNotActiveError(f"This session is {practice.status}.")
        if practice.status == before:
            practice.status, practice.last_at = after, now
            self.session.flush()
        return self.read(practice)

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
        if bool(wish.question_ids) != (wish.mode is PracticeMode.FIXED):
            raise InvalidInputError("Exactly the fixed mode takes a list of question_ids.")
        skill_ids = set(wish.skill_ids)
        if skill_ids and self.practice.owned_subject_skills(wish.subject_id, list(skill_ids)) != len(skill_ids):
            raise InvalidInputError("A skill does not belong to this subject.")

    def _open(self, user_id: UUID, wish: SessionCreate, preferred: float | None, now: datetime) -> PracticeSession:
        length = wish.length
        if wish.mode is PracticeMode.FIXED:
            length = min(length or len(wish.question_ids), len(set(wish.question_ids)))
        practice = PracticeSession(
            user_id=user_id,
            id=new_id(),
            subject_id=wish.subject_id,
            mode=wish.mode.value,
            behaviour=wish.behaviour.value,
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
        rows = self.storage.read(StepKey(claims.user_id, claims.token_version, session_id, None, "", since, now))
        if rows is None:
            raise UnauthenticatedError("This login has ended.")
        return rows


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
