from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, Record


class ImportJob(Record):
    """One uploaded file on its way into the bank; `job_id` is the work in progress on it."""

    __tablename__ = "import_jobs"

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id"), index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    job_id: Mapped[UUID | None]
    filename: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(32), default="")
    options: Mapped[Json] = mapped_column(default=dict)
    outcome: Mapped[Json] = mapped_column(default=dict)
    dry_run: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    committed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportChunk(Base):
    """The checkpoint of one committed chunk: its questions and this row share a transaction."""

    __tablename__ = "import_chunks"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[Json]
    committed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ImportRow(Base):
    """What became of the n-th thing read from the file: an outcome, a problem, or both."""

    __tablename__ = "import_rows"
    __table_args__ = (
        ForeignKeyConstraint(["import_id"], ["import_jobs.id"], ondelete="CASCADE"),
        CheckConstraint("n >= 0", name="n_range"),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str | None] = mapped_column(String(24))
    question_id: Mapped[UUID | None]
    code: Mapped[str | None] = mapped_column(String(64))
    severity: Mapped[str | None] = mapped_column(String(16))
    message: Mapped[str] = mapped_column(default="")
    column_name: Mapped[str | None] = mapped_column(String(200))
    location: Mapped[Json] = mapped_column(default=dict)
    text: Mapped[str] = mapped_column(String(120), default="")
