from datetime import datetime
from uuid import UUID

from app.domain.enums import JobStatus
from app.schemas.base import InputModel, OutputModel
from app.schemas.import_job import FormatName


class ExportCreate(InputModel):
    subject_id: UUID
    format: FormatName


class ExportLoss(OutputModel):
    """Something of the question at `position` of the file that the format cannot carry."""

    position: int
    field: str
    message: str


class ExportRead(OutputModel):
    """The questions of a subject in a file; `losses` lists up to 1,000 things that the format could not carry."""

    id: UUID
    subject_id: UUID
    format: str
    status: JobStatus
    progress_done: int
    progress_total: int
    error: str | None
    filename: str | None
    size: int | None
    loss_count: int
    losses: list[ExportLoss]
    created_at: datetime
    finished_at: datetime | None
