from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from app.domain.enums import JobStatus
from app.schemas.base import OutputModel


class JobRead(OutputModel):
    """A piece of background work. `progress_total` is 0 until it is known."""

    id: UUID
    kind: str
    status: JobStatus
    progress_done: int
    progress_total: int
    message: str
    attempts: int
    cancel_requested: bool
    result: dict[str, JsonValue] | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
