from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.enums import QuestionStatus, QuestionType
from app.domain.question_pairs import PairKind, PairStatus
from app.schemas.base import InputModel, OutputModel


class PairQuery(InputModel):
    subject_id: UUID | None = None
    kind: Annotated[list[PairKind], Field(max_length=3)] = []
    status: PairStatus = PairStatus.OPEN
    cursor: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class PairRetire(InputModel):
    question_id: Annotated[UUID, Field(description="The one of the two that is retired.")]


class PairSide(OutputModel):
    id: UUID
    number: int
    type: QuestionType
    status: QuestionStatus
    stem: str
    answers: list[str]


class PairRead(OutputModel):
    """Two questions of a subject. Of `gives_away`, `answer` stands in the stem of the one that is not `asked_id`."""

    id: UUID
    subject_id: UUID
    kind: PairKind
    status: PairStatus
    similarity: float
    first: PairSide
    second: PairSide
    answer: str | None
    asked_id: UUID | None
    found_at: datetime
    decided_at: datetime | None
