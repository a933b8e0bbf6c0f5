from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, JsonValue

from app.domain.enums import JobStatus, Severity
from app.schemas.base import InputModel, OutputModel, StrictInt

Name = Annotated[str, Field(max_length=200)]
FormatName = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z0-9_-]+$")]


class ImportState(StrEnum):
    """`checked`: a dry run has ended. `refused`: all or nothing was asked for and there were errors."""

    QUEUED = "queued"
    RUNNING = "running"
    CHECKED = "checked"
    COMMITTED = "committed"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowOutcome(StrEnum):
    """`near_duplicate`: as `new`, and almost the same question is there already."""

    NEW = "new"
    CHANGED = "changed"
    IDENTICAL = "identical"
    NEAR_DUPLICATE = "near_duplicate"
    ERROR = "error"


class ImportOptions(InputModel):
    """How a file is to be read and stored; what is left out is found from the content."""

    format: FormatName = "auto"
    namespace: Name = Field(default="", description="Keeps the external ids of several sources apart.")
    skill: Name = Field(default="", description="Given to questions that name no skill.")
    publish: bool = Field(default=False, description="Publish the questions that are complete.")
    all_or_nothing: bool = Field(default=False, description="Store nothing if anything of the file is an error.")
    columns: Annotated[dict[Name, Name | StrictInt], Field(max_length=200)] = Field(
        default={},
        description="For tables with other headers or none: our column name to their header or 0-based position.",
        examples=[{"question": "Frage", "answer": 3, "option_a": "A"}],
    )
    has_header: bool | None = None


class ImportRowQuery(InputModel):
    severity: Severity | None = None
    outcome: RowOutcome | None = None
    code: Annotated[str, Field(max_length=64)] | None = None
    after: Annotated[int, Field(ge=0, le=2**31 - 1, description="Only rows after the one of this number.")] | None = (
        None
    )
    cursor: Annotated[str | None, Field(max_length=500)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class OutcomeRead(OutputModel):
    new: int
    changed: int
    identical: int
    near_duplicate: int
    error: int


class ImportJobRead(OutputModel):
    """The work in progress on an import."""

    id: UUID
    status: JobStatus
    progress_done: int
    progress_total: int
    message: str
    error: str | None


class ImportRead(OutputModel):
    """One file on its way into the bank. `outcome` grows while the import runs."""

    id: UUID
    subject_id: UUID
    created_by: UUID | None
    filename: str
    format: str
    options: ImportOptions
    dry_run: bool
    state: ImportState
    outcome: OutcomeRead
    is_broken: bool = Field(description="The file could not be read to its end.")
    job: ImportJobRead | None
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None


class FieldChange(OutputModel):
    field: str
    before: JsonValue
    after: JsonValue


class ImportRowRead(OutputModel):
    """What became of the n-th thing of the file. `changes` is there for outcome `changed` only."""

    n: int
    outcome: RowOutcome | None
    question_id: UUID | None
    code: str | None
    severity: Severity | None
    message: str
    column: str | None
    location: dict[str, JsonValue]
    text: str
    changes: list[FieldChange] | None


class RowCount(OutputModel):
    """How many rows share an outcome and the code of their problem; null code = nothing to say about them."""

    outcome: RowOutcome | None
    severity: Severity | None
    code: str | None
    count: int


class ImportRowIndex(OutputModel):
    """How to show any part of the rows at once: `after` of each page of `page_size` rows that fit the filters.

    `counts` is of all rows of the import, whatever the filters are.
    """

    total: int
    page_size: int
    starts: list[int]
    counts: list[RowCount]


class FormatRead(OutputModel):
    """A file format. `extensions` are of reading, a file is recognised by its content."""

    name: str
    title: str
    reads: bool
    writes: bool
    extensions: list[str]


class FormatList(OutputModel):
    items: list[FormatRead]
