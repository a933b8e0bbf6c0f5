from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.api.deps import (
    ActorDep,
    AnyUser,
    LearningServiceDep,
    Limit,
    NowDep,
    ProgressCurveServiceDep,
    RecommendationServiceDep,
)
from app.schemas.learning import LearningPath, Progress, ProgressCurves, ProgressHistory, Recommendations
from app.services.learning_service import USUAL_GOAL, ForecastAim

router = APIRouter(tags=["learning"])

SubjectId = Annotated[UUID, Query(description="Subject to look at.")]
OneSubject = Annotated[UUID | None, Query(description="Only changes of its skills.")]
Days = Annotated[int, Query(ge=1, le=730, description="How many days back, today included.")]
Goals = Annotated[list[UUID], Query(max_length=50, description="Skills to reach; none = all of the subject.")]
Deadline = Annotated[date | None, Query(description="Day by which the goal should be reached.")]


def forecast_aim(
    on: Annotated[
        date | None, Query(description="Day of the forecast; the day everything is learned if absent.")
    ] = None,
    goal: Annotated[float, Query(ge=0.5, le=0.95, description="Success that counts as ready.")] = USUAL_GOAL,
) -> ForecastAim:
    return ForecastAim(on, goal)


ForecastAimDep = Annotated[ForecastAim, Depends(forecast_aim)]


@router.get("/learning-path", dependencies=[AnyUser])
def read_learning_path(
    subject_id: SubjectId,
    actor: ActorDep,
    learning: LearningServiceDep,
    now: NowDep,
    goal: Goals = [],  # noqa: B006  # FastAPI copies it
    deadline: Deadline = None,
) -> LearningPath:
    """The skills you still have to learn, in order, each with the reason why it stands there and expected dates."""
    return learning.path(actor.user_id, subject_id, goal, deadline, now)


@router.get("/recommendations", dependencies=[AnyUser])
def read_recommendations(
    subject_id: SubjectId, actor: ActorDep, recommendations: RecommendationServiceDep, now: NowDep
) -> Recommendations:
    """What to do next and what to expect of it: a skill, due reviews, mistakes to retry, or something easier."""
    return recommendations.recommend(actor.user_id, subject_id, now)


@router.get("/progress", dependencies=[AnyUser])
def read_progress(
    subject_id: SubjectId, actor: ActorDep, learning: LearningServiceDep, now: NowDep, aim: ForecastAimDep
) -> Progress:
    """Your ability, your mastery of each skill of a subject with uncertainty, and a forecast at your present pace."""
    return learning.progress(actor.user_id, subject_id, aim, now)


@router.get("/progress/history", dependencies=[AnyUser])
def read_history(
    actor: ActorDep,
    learning: LearningServiceDep,
    now: NowDep,
    subject_id: OneSubject = None,
    days: Days = 90,
    limit: Limit = 50,
) -> ProgressHistory:
    """Your practice by day, and every change of a mastery state with its cause."""
    return learning.history(actor.user_id, subject_id, days, limit, now)


@router.get("/progress/curves", dependencies=[AnyUser])
def read_curves(
    subject_id: SubjectId, actor: ActorDep, curves: ProgressCurveServiceDep, now: NowDep, days: Days = 90
) -> ProgressCurves:
    """For plots: your mastery of each skill day by day, and your score beside what was expected."""
    return curves.curves(actor.user_id, subject_id, days, now)
