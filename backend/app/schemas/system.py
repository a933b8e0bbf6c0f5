from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.domain.enums import JobStatus, QuestionStatus, Role
from app.schemas.base import OutputModel


class SystemDatabase(OutputModel):
    """`migration` is the revision of the tables; sizes in bytes."""

    version: str
    migration: str
    size: int


class SystemFiles(OutputModel):
    """Sizes in bytes: of the files as stored, and of what their disk has left, where it is one."""

    count: int
    stored: int
    free: int | None


class SystemJobs(OutputModel):
    """`waiting_since` is the creation of the oldest job that is due and was not begun."""

    statuses: dict[JobStatus, int]
    waiting_since: datetime | None
    failed_last_day: int


class SystemRead(OutputModel):
    """What an administrator looks at before anything else."""

    version: str
    database: SystemDatabase
    files: SystemFiles
    jobs: SystemJobs
    users: Annotated[dict[Role, int], Field(description="Active accounts.")]
    questions: dict[QuestionStatus, int]
