from datetime import timedelta
from typing import Any, Final

from app.core.clock import utc_now
from app.core.jobs import JobKind
from app.core.security import AccessClaims
from app.domain.enums import Role
from app.repositories.exam_repository import ExamRepository, OverdueRow
from app.services.practice_caches import PracticeCaches
from app.services.practice_service import PracticeService
from app.tasks.runtime import JobContext, handles
from app.utils.ids import new_id

AT_ONCE: Final = 500


@handles(JobKind.FINISH_EXAMS)
def finish_exams(context: JobContext) -> dict[str, Any]:
    """Hand in exams whose time is up and whose student did not; each in a transaction of its own."""
    grace = timedelta(seconds=context.resources.settings.practice.exam_grace_s)
    with context.sessions() as session:
        overdue = ExamRepository(session).overdue(utc_now() - grace, AT_ONCE)
    if overdue:
        caches = PracticeCaches.open(context.resources)
        for row in overdue:
            context.check()
            _finish(context, caches, row)
        caches.close()
    return {"finished": len(overdue)}


def _finish(context: JobContext, caches: PracticeCaches, row: OverdueRow) -> None:
    """As the student would; one who is suspended at this very moment is met again when active."""
    claims = AccessClaims(row.user_id, Role(row.role), row.token_version, new_id())
    with context.sessions.begin() as session:
        settings = context.resources.settings.practice
        PracticeService(session, caches.pools, caches.questions, settings).finish(claims, row.session_id, utc_now())
