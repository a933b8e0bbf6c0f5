from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, JsonValue, model_validator

from app.domain.enums import ProposalKind, ProposalStatus
from app.schemas.base import InputModel, OutputModel, StrictInt
from app.schemas.job import JobRead
from app.schemas.question import MAX_BULK, QuestionWish, storable

Payload = Annotated[dict[str, JsonValue], BeforeValidator(storable)]


class ProposalsCreate(InputModel):
    """For the questions named, or for those that fit the filter (the first thousand)."""

    kinds: Annotated[list[ProposalKind], Field(min_length=1, max_length=6)]
    question_ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_BULK)] | None = None
    filter: QuestionWish | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.question_ids is None) == (self.filter is None):
            raise ValueError("name questions or a filter, and not both")
        if {ProposalKind.DRAFT_QUESTION, ProposalKind.ESSAY_GRADING} & set(self.kinds):
            raise ValueError("drafts and grades of essays are asked for elsewhere")
        return self


class DraftsCreate(InputModel):
    """A passage of teaching material from which questions are to be drafted."""

    subject_id: UUID
    passage: Annotated[str, Field(min_length=40, max_length=20_000)]
    count: Annotated[StrictInt, Field(ge=1, le=5)] = 3


class GradingsCreate(InputModel):
    """Answers that wait for a grade, by the ids of their attempts."""

    attempt_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class ProposalAccept(InputModel):
    """`payload` replaces what was proposed, in the same form."""

    payload: Payload | None = None


class ProposalDismiss(InputModel):
    reason: Annotated[str, Field(max_length=500)] = ""


class ProposalQuery(InputModel):
    subject_id: UUID | None = None
    question_id: UUID | None = None
    job_id: UUID | None = None
    kind: Annotated[list[ProposalKind], Field(max_length=6)] = []
    status: Annotated[list[ProposalStatus], Field(max_length=7)] = []
    cursor: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class ProposalsRequested(OutputModel):
    """`asked` counts proposals; `job` is null where there was nothing to ask for."""

    job: JobRead | None
    asked: int
    questions: int


class ProposalRead(OutputModel):
    """`payload` by kind: metadata {skills, topic, bloom, language, difficulty, difficulty_error}, explanation
    {explanation}, hints {hints}, rationale {feedback by option}, key_check {options, answer, reason, agreement},
    draft_question {draft, quote}, essay_grading {criteria, fraction, comment, agreement}.
    """

    id: UUID
    subject_id: UUID
    question_id: UUID | None
    question_number: int | None
    question_stem: Annotated[str, Field(description="Plain text of the question as it is now, shortened.")]
    kind: ProposalKind
    status: ProposalStatus
    is_stale: Annotated[bool, Field(description="The question has changed since; it can only be dismissed.")]
    payload: dict[str, Any] | None
    origin: dict[str, Any]
    note: str
    attempt_id: UUID | None
    job_id: UUID | None
    requested_by: UUID | None
    decided_by: UUID | None
    decided_at: datetime | None
    created_at: datetime
