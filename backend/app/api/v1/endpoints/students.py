"""What students see of their own learning, for those who teach them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from app.api.deps import (
    ActorDep,
    ExamResultServiceDep,
    ExamServiceDep,
    IdCursor,
    LearningServiceDep,
    Limit,
    Modes,
    NowDep,
    ProgressCurveServiceDep,
    RecommendationServiceDep,
    ReviewMemoryServiceDep,
    ReviewServiceDep,
    SessionDep,
    Staff,
)
from app.api.v1.endpoints.learning import Days, Deadline, ForecastAimDep, Goals, OneSubject, SubjectId
from app.core.errors import NotFoundError
from app.domain.enums import SessionStatus
from app.repositories.practice_repository import PracticeRepository
from app.repositories.student_repository import StudentRepository
from app.schemas.base import Page
from app.schemas.exam import DeadlineRead, ExamResult, ExtraTimeUpdate
from app.schemas.learning import LearningPath, Progress, ProgressCurves, ProgressHistory, Recommendations
from app.schemas.practice import SessionSummaryItem
from app.schemas.review import DueReviews, ResumedReview, ReviewMemory

router = APIRouter(prefix="/students/{user_id}", tags=["students"])


def readable_student(user_id: UUID, actor: ActorDep, session: SessionDep) -> UUID:
    if not StudentRepository(session).is_readable(actor, user_id):
        raise NotFoundError("No such student.")
    return user_id


StudentId = Annotated[UUID, Depends(readable_student)]


@router.get("/progress", dependencies=[Staff])
def read_progress_of_student(
    student_id: StudentId, subject_id: SubjectId, learning: LearningServiceDep, now: NowDep, aim: ForecastAimDep
) -> Progress:
    """A student's ability, mastery of each skill with uncertainty, and forecast."""
    return learning.progress(student_id, subject_id, aim, now)


@router.get("/progress/history", dependencies=[Staff])
def read_history_of_student(
    student_id: StudentId,
    learning: LearningServiceDep,
    now: NowDep,
    subject_id: OneSubject = None,
    days: Days = 90,
    limit: Limit = 50,
) -> ProgressHistory:
    """A student's practice by day, and every change of a mastery state with its cause."""
    return learning.history(student_id, subject_id, days, limit, now)


@router.get("/progress/curves", dependencies=[Staff])
def read_curves_of_student(
    student_id: StudentId, subject_id: SubjectId, curves: ProgressCurveServiceDep, now: NowDep, days: Days = 90
) -> ProgressCurves:
    """For plots: a student's mastery of each skill day by day, and the score beside what was expected."""
    return curves.curves(student_id, subject_id, days, now)


@router.get("/learning-path", dependencies=[Staff])
def read_learning_path_of_student(
    student_id: StudentId,
    subject_id: SubjectId,
    learning: LearningServiceDep,
    now: NowDep,
    goal: Goals = [],  # noqa: B006  # FastAPI copies it
    deadline: Deadline = None,
) -> LearningPath:
    """The skills a student still has to learn, in order, each with its reason and expected dates."""
    return learning.path(student_id, subject_id, goal, deadline, now)


@router.get("/recommendations", dependencies=[Staff])
def read_recommendations_of_student(
    student_id: StudentId, subject_id: SubjectId, recommendations: RecommendationServiceDep, now: NowDep
) -> Recommendations:
    """What a student is advised to do next."""
    return recommendations.recommend(student_id, subject_id, now)


@router.get("/reviews/due", dependencies=[Staff])
def read_due_reviews_of_student(
    student_id: StudentId, reviews: ReviewServiceDep, now: NowDep, subject_id: OneSubject = None, limit: Limit = 20
) -> DueReviews:
    """Questions a student is about to forget."""
    return reviews.due(student_id, subject_id, now, limit)


@router.get("/reviews/memory", dependencies=[Staff])
def read_review_memory_of_student(student_id: StudentId, memories: ReviewMemoryServiceDep) -> ReviewMemory:
    """Whether a student's reviews follow their own forgetting curve or the standard one, and why."""
    return memories.read(student_id)


@router.post("/reviews/{question_id}/resume", dependencies=[Staff])
def resume_review_of_student(
    question_id: UUID, student_id: StudentId, actor: ActorDep, reviews: ReviewServiceDep, now: NowDep
) -> ResumedReview:
    """Let a question that a student forgot again and again into the reviews again."""
    return reviews.resume(actor, student_id, question_id, now)


@router.get("/practice-sessions", dependencies=[Staff], response_model=Page[SessionSummaryItem])
def list_sessions_of_student(
    student_id: StudentId,
    session: SessionDep,
    status: SessionStatus | None = None,
    mode: Modes = [],  # noqa: B006  # FastAPI copies it
    cursor: IdCursor = None,
    limit: Limit = 20,
) -> dict[str, object]:
    """A student's practice sessions and tests, the one started last first."""
    found = PracticeRepository(session).page(student_id, status=status, modes=mode, before=cursor, limit=limit)
    return {"items": found, "next_cursor": str(found[-1].id) if len(found) == limit else None}


@router.get("/practice-sessions/{session_id}/result", dependencies=[Staff])
def read_result_of_student(student_id: StudentId, session_id: UUID, results: ExamResultServiceDep) -> ExamResult:
    """What a placement or an exam of a student found."""
    return results.result(student_id, session_id)


@router.put("/practice-sessions/{session_id}/extra-time", dependencies=[Staff])
def set_extra_time(
    session_id: UUID,
    body: ExtraTimeUpdate,
    student_id: StudentId,
    actor: ActorDep,
    exams: ExamServiceDep,
    now: NowDep,
) -> DeadlineRead:
    """Give a student more minutes in an exam that is running; sending it again changes nothing."""
    return exams.set_extra_time(actor, (student_id, session_id), body, now)
