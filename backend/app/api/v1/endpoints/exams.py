from uuid import UUID

from fastapi import APIRouter

from app.api.deps import ActorDep, AnyUser, ExamResultServiceDep, ExamServiceDep, NowDep
from app.schemas.exam import DraftRead, DraftUpdate, ExamResult, Paper

router = APIRouter(tags=["exams"])


@router.get("/practice-sessions/{session_id}/questions", dependencies=[AnyUser])
def read_paper(session_id: UUID, actor: ActorDep, exams: ExamServiceDep) -> Paper:
    """All questions shown in a running session, with what was answered or saved: to go on after an interruption.

    An exam by list shows all of its questions from the start; they may be answered in any order.
    """
    return exams.paper(actor, session_id)


@router.put("/practice-sessions/{session_id}/drafts/{assignment_id}", dependencies=[AnyUser])
def save_draft(
    session_id: UUID, assignment_id: UUID, body: DraftUpdate, actor: ActorDep, exams: ExamServiceDep, now: NowDep
) -> DraftRead:
    """Save what is written so far. When an exam ends, a draft that is newer than the answer counts as the answer."""
    return exams.save_draft(actor, (session_id, assignment_id), body, now)


@router.get("/practice-sessions/{session_id}/result", dependencies=[AnyUser])
def read_result(session_id: UUID, actor: ActorDep, results: ExamResultServiceDep) -> ExamResult:
    """The ability that a finished placement or exam found, with its uncertainty, and the decision if there is one."""
    return results.result(actor.user_id, session_id)
