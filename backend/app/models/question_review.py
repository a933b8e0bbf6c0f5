from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Json, Record


class QuestionReview(Record):
    """A question that was read from a paper, until somebody has compared it with its page.

    `fields` is the confidence of each field from 0 to 1, `regions` where it stands on which pages, `crops` the
    hashes of the pictures of these places in the file store; NULL until they are cut.
    """

    __tablename__ = "question_reviews"
    __table_args__ = (
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_range"),
        Index("ix_question_reviews_open", "subject_id", "id", postgresql_where=text("accepted_at IS NULL")),
        Index("ix_question_reviews_import", "import_id", "id"),
    )

    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), unique=True)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id"))
    import_id: Mapped[UUID] = mapped_column(ForeignKey("import_jobs.id"))
    origin: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[float]
    fields: Mapped[Json]
    key_from: Mapped[str] = mapped_column(String(40))
    regions: Mapped[list[Any]]
    crops: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
