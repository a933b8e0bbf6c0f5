from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.question_draft import Criterion
from app.schemas.base import InputModel, OutputModel, StrictFloat


class EssayItem(OutputModel):
    """An answer that waits for a grade, with what the question says about grading it; `id` is that of the attempt."""

    id: UUID
    user_id: UUID
    user_name: str
    session_id: UUID
    question_id: UUID
    subject_id: UUID
    stem: str
    text: str
    rubric: list[Criterion]
    explanation: str
    points: float
    answered_at: datetime


class EssayGradeCreate(InputModel):
    fraction: Annotated[StrictFloat, Field(ge=0, le=1, description="Share of the points.")]
    comment: Annotated[str, Field(max_length=500, description="For the student.")] = ""


class EssayGradeRead(OutputModel):
    attempt_id: UUID
    number: int
    fraction: float
    mark: float
    comment: str
    graded_by: UUID
    graded_at: datetime
