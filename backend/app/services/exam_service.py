"""A running placement or exam: drafts, the paper to go on with, and extra time."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.config import PracticeSettings
from app.core.errors import ConflictError, NotFoundError
from app.domain.audit import AuditAction
from app.domain.behaviours import ShownState
from app.domain.enums import TESTS, Behaviour, SessionStatus
from app.domain.permissions import Actor
from app.models import Assignment, PracticeSession
from app.repositories.audit_repository import AuditRepository
from app.repositories.exam_repository import ExamRepository
from app.repositories.practice_repository import PracticeRepository
from app.schemas.exam import DeadlineRead, DraftRead, DraftUpdate, ExtraTimeUpdate, Paper, PaperQuestion
from app.services.exam_plan import ExamPlan
from app.services.exam_setup import deadline
from app.services.practice_replies import PracticeReplies
from app.services.practice_service import seconds_left
from app.services.practice_steps import QuestionFinishedError, SessionNotActiveError, TimeIsUpError
from app.services.question_cache import QuestionCache


class ExamService:
    def __init__(self, session: Session, questions: QuestionCache, settings: PracticeSettings) -> None:
        self.session, self.settings = session, settings
        self.practice, self.exams = PracticeRepository(session), ExamRepository(session)
        self.replies = PracticeReplies(session, questions)

    def save_draft(self, actor: Actor, place: tuple[UUID, UUID], body: DraftUpdate, now: datetime) -> DraftRead:
        """Keep what is written so far; `place` is the session and the assignment in it.

        Raises:
            SessionNotActiveError, QuestionFinishedError, TimeIsUpError: It could not count any more.
        """
        session_id, assignment_id = place
        self.practice.lock_learner(actor.user_id)
        practice, assignment = self._found(actor, session_id, assignment_id)
        self._check_open(practice, assignment, now)
        response = body.response.model_dump(mode="json", exclude_none=True)
        self.exams.save_draft(actor.user_id, assignment_id, response, now)
        return DraftRead(assignment_id=assignment_id, saved_at=now)

    def paper(self, actor: Actor, session_id: UUID) -> Paper:
        """Raises ConflictError once the session is finished; its summary tells more then."""
        practice = self.practice.get(actor.user_id, session_id)
        if practice is None:
            raise NotFoundError("No such practice session.")
        if practice.status == SessionStatus.FINISHED:
            raise ConflictError("This session is finished. Read its summary.")
        answers, behaviour = self.exams.paper(actor.user_id, session_id), Behaviour(practice.behaviour)
        return Paper(
            questions=[
                PaperQuestion(
                    shown=self.replies.current(assignment, behaviour),
                    is_open=_is_open(practice, assignment),
                    response=answers[assignment.id]["response"],
                    draft=answers[assignment.id]["draft"],
                )
                for assignment in self.exams.assignments(actor.user_id, session_id)
            ]
        )

    def set_extra_time(
        self, actor: Actor, place: tuple[UUID, UUID], body: ExtraTimeUpdate, now: datetime
    ) -> DeadlineRead:
        """Lengthen one running exam of a student; `place` is the student and the session.

        Raises:
            ConflictError: The session has no time limit, or is handed in.
        """
        user_id, session_id = place
        self.practice.lock_learner(user_id)
        practice = self.practice.get(user_id, session_id)
        if practice is None:
            raise NotFoundError("No such practice session.")
        if practice.test is None or practice.deadline_at is None or practice.status == SessionStatus.FINISHED:
            raise ConflictError("Only a running exam with a time limit can be lengthened.")
        practice.test = {**practice.test, "extra_s": 60 * body.minutes}
        practice.deadline_at = deadline(ExamPlan.from_json(practice.test), practice.started_at)
        self.session.flush()
        AuditRepository(self.session).record(
            AuditAction.EXAM_EXTENDED,
            actor_id=actor.user_id,
            object_type="practice_session",
            object_id=str(session_id),
            minutes=body.minutes,
        )
        return DeadlineRead(
            session_id=session_id, deadline_at=practice.deadline_at, seconds_left=seconds_left(practice, now) or 0.0
        )

    def _found(self, actor: Actor, session_id: UUID, assignment_id: UUID) -> tuple[PracticeSession, Assignment]:
        practice = self.practice.get(actor.user_id, session_id)
        assignment = self.practice.assignment(actor.user_id, assignment_id)
        if practice is None or assignment is None or assignment.session_id != session_id:
            raise NotFoundError("No such practice session or question.")
        return practice, assignment

    def _check_open(self, practice: PracticeSession, assignment: Assignment, now: datetime) -> None:
        grace = timedelta(seconds=self.settings.exam_grace_s)
        if practice.status != SessionStatus.ACTIVE:
            raise SessionNotActiveError(f"This session is {practice.status}.")
        if practice.deadline_at is not None and now > practice.deadline_at + grace:
            raise TimeIsUpError("The time of this exam is up.")
        if not _is_open(practice, assignment):
            raise QuestionFinishedError("This question has been answered already.")


def _is_open(practice: PracticeSession, assignment: Assignment) -> bool:
    """Whether an answer would still be taken; in an adaptive test the first one is final."""
    is_final = practice.mode in TESTS and not practice.question_ids
    has_answer = ShownState.model_validate(assignment.state).tries > 0
    return assignment.finished_at is None and not (is_final and has_answer)
