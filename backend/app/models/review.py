from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import ReviewPhase
from app.models.base import Base, one_of
from app.utils.ids import new_id


class ReviewCardRecord(Base):
    """A student's memory of one question, by FSRS: `stability` in days, `difficulty` from 1 to 10.

    A suspended card is a leech: forgotten so often that its question should be changed or learned another way.
    """

    __tablename__ = "review_cards"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "question_id"),
        one_of("phase", ReviewPhase),
        Index("ix_review_cards_due", "user_id", "subject_id", "due", postgresql_where=text("NOT is_suspended")),
        {"postgresql_with": {"fillfactor": 85}},
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    question_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    due: Mapped[datetime]
    phase: Mapped[str] = mapped_column(String(16))
    step: Mapped[int | None]
    stability: Mapped[float]
    difficulty: Mapped[float]
    last_review: Mapped[datetime]
    lapses: Mapped[int] = mapped_column(default=0)
    is_suspended: Mapped[bool] = mapped_column(default=False)


class ReviewResumption(Base):
    """A suspended question was let in again; part of the log, so that a replay knows of it. Ids sort by time."""

    __tablename__ = "review_resumptions"
    __table_args__ = (PrimaryKeyConstraint("user_id", "id"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    id: Mapped[UUID] = mapped_column(default=new_id)
    question_id: Mapped[UUID]
    resumed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
