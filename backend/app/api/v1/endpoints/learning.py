from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.api.deps import ActorDep, AnyUser, LearningServiceDep, Limit, NowDep, RecommendationServiceDep
from app.schemas.learning import LearningPath, Progress, ProgressHistory, Recommendations

router = APIRouter(tags=["learning"])

SubjectId = Annotated[UUID, Query(description="Subject to look at.")]


@router.get("/learning-path", dependencies=[AnyUser])
def read_learning_path(
    subject_id: SubjectId,
    actor: ActorDep,
    learning: LearningServiceDep,
    now: NowDep,
    goal: Annotated[list[UUID], Query(max_length=50, description="Skills to reach; none = all of the subject.")] = [],  # noqa: B006  # FastAPI copies it
    deadline: Annotated[date | None, Query(description="Day by which the goal should be reached.")] = None,
) -> LearningPath:
    """The skills you still have to learn, in order, each with the reason why it stands there and expected dates."""
    return learning.path(actor, subject_id, goal, deadline, now)


@router.get("/recommendations", dependencies=[AnyUser])
def read_recommendations(
    subject_id: SubjectId, actor: ActorDep, recommendations: RecommendationServiceDep, now: NowDep
) -> Recommendations:
    """What to do next and what to expect of it: a skill, due reviews, mistakes to retry, or something easier."""
    return recommendations.recommend(actor, subject_id, now)


@router.get("/progress", dependencies=[AnyUser])
def read_progress(
    subject_id: SubjectId,
    actor: ActorDep,
    learning: LearningServiceDep,
    now: NowDep,
    on: Annotated[
        date | None, Query(description="Day of the forecast; the day everything is learned if absent.")
    ] = None,
) -> Progress:
    """Your ability, your mastery of each skill of a subject with uncertainty, and a forecast at your present pace."""
    return learning.progress(actor, subject_id, on, now)


@router.get("/progress/history", dependencies=[AnyUser])
def read_history(
    actor: ActorDep,
    learning: LearningServiceDep,
    now: NowDep,
    subject_id: Annotated[UUID | None, Query(description="Only changes of its skills.")] = None,
    days: Annotated[int, Query(ge=1, le=730, description="How many days back, today included.")] = 90,
    limit: Limit = 50,
) -> ProgressHistory:
    """Your practice by day, and every change of a mastery state with its cause."""
    return learning.history(actor, subject_id, days, limit, now)
