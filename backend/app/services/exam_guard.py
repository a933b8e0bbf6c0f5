from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.config import PracticeSettings
from app.core.errors import ConflictError
from app.repositories.exam_repository import ExamRepository


class ExamRunningError(ConflictError):
    """What tells keys waits until the exam is handed in."""

    code = "exam_running"


class ExamGuard:
    """Keeps what tells keys from a student who sits a timed exam."""

    def __init__(self, session: Session, settings: PracticeSettings) -> None:
        self._exams, self._grace = ExamRepository(session), timedelta(seconds=settings.exam_grace_s)

    def check(self, user_id: UUID, now: datetime, *, beside: UUID | None = None) -> None:
        """An exam runs until it is handed in, or nothing is taken for it any more.

        Where the caller holds the lock of the learner, no exam can begin unseen meanwhile.

        Args:
            user_id: The student.
            now: Time of the request.
            beside: A session that may itself be the exam.

        Raises:
            ExamRunningError: The student sits an exam that is another session than `beside`.
        """
        if self.is_running(user_id, now, beside=beside):
            raise ExamRunningError("You are sitting an exam. Hand it in first.")

    def is_running(self, user_id: UUID, now: datetime, *, beside: UUID | None = None) -> bool:
        return self._exams.has_running(user_id, beside, now - self._grace)
