from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import ReportReason, ReportStatus
from app.models.base import Record, one_of


class QuestionReport(Record):
    """What somebody finds wrong with a question; one open report a person and question."""

    __tablename__ = "question_reports"
    __table_args__ = (
        one_of("reason", ReportReason),
        one_of("status", ReportStatus),
        Index(
            "uq_question_reports_open", "user_id", "question_id", unique=True, postgresql_where=text("status = 'open'")
        ),
        Index("ix_question_reports_question", "question_id", "id"),
        Index("ix_question_reports_status", "status", "id"),
    )

    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    version: Mapped[int]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str] = mapped_column(String(2000), default="")
    status: Mapped[str] = mapped_column(String(16), default=ReportStatus.OPEN)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(String(2000), default="")
