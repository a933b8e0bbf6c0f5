from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.enums import QuestionStatus, QuestionType
from app.domain.question_draft import QuestionDraft
from app.schemas.base import InputModel, OutputModel, StrictFloat
from app.schemas.question import BulkOutcome, Draft, PublishProblemRead, Revision

MAX_ACCEPTED = 100
Publish = Annotated[bool, Field(description="Publish the question; otherwise it becomes an ordinary draft.")]


class QuestionReviewAccept(InputModel):
    """A question as somebody found it to be. `draft` is its corrected text, left out where it was read rightly."""

    draft: Draft | None = None
    revision: Revision | None = None
    publish: Publish = True


class QuestionReviewAcceptMany(InputModel):
    ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_ACCEPTED)]
    publish: Publish = True


class QuestionReviewQuery(InputModel):
    """Which reviews: without `accepted`, those that wait. `max_confidence` leaves out what was read more surely."""

    subject_id: UUID | None = None
    import_id: UUID | None = None
    accepted: bool = False
    max_confidence: Annotated[StrictFloat, Field(ge=0, le=1)] | None = None
    cursor: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class FieldConfidence(OutputModel):
    """How surely each field was read, from 0 to 1. A key that was not found has 0, an essay has none (null)."""

    stem: float
    options: list[float]
    key: float | None


class QuestionReviewSummary(OutputModel):
    """A question that was read from a paper.

    `page` is the first one it stands on; `confidence` that of everything that was read,
    which a missing key does not lower.
    """

    id: UUID
    question_id: UUID
    question_number: int
    subject_id: UUID
    import_id: UUID
    filename: str
    type: QuestionType
    status: QuestionStatus
    stem: str
    page: int | None
    origin: str
    confidence: float
    key_from: Annotated[str, Field(description="Where the key was found; empty if there is none.")]
    is_key_missing: Annotated[bool, Field(description="The question needs a key, and none was found.")]
    created_at: datetime
    accepted_at: datetime | None
    accepted_by: UUID | None


class PageCropRead(OutputModel):
    """A place of the source; `box` is left, top, right and bottom as fractions of the page, `url` its picture."""

    page: int
    box: list[float]
    url: str | None


class QuestionReviewRead(QuestionReviewSummary):
    """With everything needed to compare the question with its page. `problems` keep it from being published."""

    revision: int
    draft: QuestionDraft
    fields: FieldConfidence
    crops: list[PageCropRead]
    are_crops_ready: Annotated[bool, Field(description="False while the pictures are still being cut.")]
    problems: list[PublishProblemRead]


class ReviewItem(OutputModel):
    """What became of one review; a refusal says why."""

    id: UUID
    outcome: BulkOutcome
    message: str = ""
    problems: list[PublishProblemRead] = []


class ReviewResult(OutputModel):
    """In the order of the request, each id once."""

    items: list[ReviewItem]
