from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.deps import ActorDep, AnyUser, Limit, NowDep, ReviewMemoryServiceDep, ReviewServiceDep
from app.schemas.review import DueReviews, ResumedReview, ReviewMemory, ReviewPlan, ReviewPlanCreate, SuspendedReviews

router = APIRouter(prefix="/reviews", tags=["learning"])


@router.get("/due", dependencies=[AnyUser])
def list_due_reviews(
    actor: ActorDep,
    reviews: ReviewServiceDep,
    now: NowDep,
    subject_id: Annotated[UUID | None, Query(description="Only this subject.")] = None,
    limit: Limit = 20,
) -> DueReviews:
    """Questions you are about to forget; practise them in a session of mode `review`."""
    return reviews.due(actor.user_id, subject_id, now, limit)


@router.get("/memory", dependencies=[AnyUser])
def read_review_memory(actor: ActorDep, memories: ReviewMemoryServiceDep) -> ReviewMemory:
    """Whether your reviews follow your own forgetting curve or the standard one, and why."""
    return memories.read(actor.user_id)


@router.post("/plan", dependencies=[AnyUser])
def plan_reviews(body: ReviewPlanCreate, actor: ActorDep, reviews: ReviewServiceDep, now: NowDep) -> ReviewPlan:
    """Spread the reviews that fall due before an exam over the days that are left; plan again every day."""
    return reviews.plan(actor, body, now)


@router.get("/suspended", dependencies=[AnyUser])
def list_suspended_reviews(
    actor: ActorDep,
    reviews: ReviewServiceDep,
    now: NowDep,
    subject_id: Annotated[UUID | None, Query(description="Only this subject.")] = None,
    limit: Limit = 50,
) -> SuspendedReviews:
    """Questions that rest because you forgot them again and again: learn them another way first."""
    return reviews.suspended(actor.user_id, subject_id, now, limit)


@router.post("/{question_id}/resume", dependencies=[AnyUser])
def resume_review(question_id: UUID, actor: ActorDep, reviews: ReviewServiceDep, now: NowDep) -> ResumedReview:
    """Let a suspended question into your reviews again. It rests again after four more lapses."""
    return reviews.resume(actor, actor.user_id, question_id, now)
