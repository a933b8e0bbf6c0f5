from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.domain.enums import ReportReason, ReportStatus
from app.schemas.base import InputModel, OutputModel

Comment = Annotated[str, Field(max_length=2000)]


class QuestionReportCreate(InputModel):
    """What is wrong with a question, in the words of whoever met it."""

    reason: ReportReason
    comment: Comment = ""


class QuestionReportResolve(InputModel):
    """`fixed`: the question was changed or retired; `dismissed`: it is right as it is."""

    status: Literal[ReportStatus.FIXED, ReportStatus.DISMISSED]
    note: Comment = ""


class QuestionReportRead(OutputModel):
    """`version` is the version of the question that was current then; `note` the answer of the staff."""

    id: UUID
    question_id: UUID
    version: int
    reason: ReportReason
    comment: str
    status: ReportStatus
    note: str
    created_at: datetime
    resolved_at: datetime | None


class QuestionReportItem(QuestionReportRead):
    """For staff: with the beginning of the question, and who reported and resolved it."""

    subject_id: UUID
    question_number: int
    stem: str
    user_id: UUID
    user_name: str
    resolved_by: UUID | None
