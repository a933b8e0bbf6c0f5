from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.enums import ReviewFitOutcome, ReviewPhase
from app.schemas.base import InputModel, OutputModel


class DueCard(OutputModel):
    """`recall` is the chance that the student still knows the answer; `stem` the beginning of the question."""

    question_id: UUID
    subject_id: UUID
    stem: str
    due: datetime
    phase: ReviewPhase
    recall: float
    lapses: int


class ReviewDay(OutputModel):
    day: date
    reviews: int


class DueReviews(OutputModel):
    """What is due now and in the two weeks to come (days in UTC).

    `in_steps` of the due ones are still being learned, in steps of minutes; `suspended` ones have been forgotten so
    often that they rest. `items` are the most nearly forgotten ones.
    """

    count: int
    in_steps: int
    suspended: int
    upcoming: list[ReviewDay]
    items: list[DueCard]


class ReviewPlanCreate(InputModel):
    """Reviews are spread over the days from today until the one before the exam."""

    subject_id: UUID
    exam_date: Annotated[date, Field(examples=["2027-06-12"])]
    skill_ids: Annotated[list[UUID], Field(max_length=100)] = []


class PlannedDay(OutputModel):
    day: date
    reviews: int
    question_ids: list[UUID]


class ReviewPlan(OutputModel):
    """Each card that falls due before the exam has one day; no day holds more than `daily_limit`."""

    exam_date: date
    reviews: int
    daily_limit: int
    days: list[PlannedDay]


class SuspendedReviews(OutputModel):
    """Questions that were forgotten so often that they rest, the last reviewed first."""

    items: list[DueCard]


class ResumedReview(OutputModel):
    question_id: UUID
    due: datetime
    lapses: int


class FittedCurve(OutputModel):
    """A fit that holds. The `held_out` latest of its `reviews` judged it by log loss, in nats; lower is better."""

    at: datetime
    reviews: int
    held_out: int
    log_loss: float
    usual_log_loss: float


class ReviewMemory(OutputModel):
    """The forgetting curve that plans a student's reviews: their own, or the standard one, with the reason in `text`.

    `reviews` are those a day or more after the one before, by which a curve can be judged. `last_outcome` is that of
    the last fit, null before the first. `first_interval_days` is when recall falls to 90 % after a first right answer.
    """

    is_own: bool
    reviews: int
    least_reviews: int
    last_outcome: ReviewFitOutcome | None
    fitted: FittedCurve | None
    first_interval_days: float
    usual_first_interval_days: float
    text: str
