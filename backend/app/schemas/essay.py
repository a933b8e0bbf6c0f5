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
    correction: str
    graded_by: UUID
    graded_at: datetime


class EssayCorrectionCreate(EssayGradeCreate):
    """Another grade in the place of an earlier one."""

    corrects: Annotated[int, Field(ge=1, description="`number` of the grade in force, which this one replaces.")]
    correction: Annotated[
        str,
        Field(min_length=1, max_length=500, description="Why the grade is changed; for teachers and administrators."),
    ]


class EssayGradeInForce(OutputModel):
    number: int
    fraction: float
    comment: str
    graded_at: datetime
    grader_name: str | None


class GradedEssayItem(EssayItem):
    """An answer that a person has graded, with the grade in force."""

    grade: EssayGradeInForce


class EssayGradeHistory(OutputModel):
    """All grades of an answer by people, the first one first; `correction` says why a later one replaced it."""

    items: list[EssayGradeRead]
