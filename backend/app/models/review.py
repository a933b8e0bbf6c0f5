from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, PrimaryKeyConstraint, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import ReviewFitOutcome, ReviewPhase
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
    resumed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class ReviewFit(Base):
    """A fit of one student's forgetting curve; part of the log: a replay knows what held when. Ids sort by time.

    `own` puts `parameters` into force, `standard` the published ones; every other outcome keeps what was in force.
    `answers` is what the student had answered by then, `reviews` and `held_out` what the fit could use and what judged.
    """

    __tablename__ = "review_fits"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        one_of("outcome", ReviewFitOutcome),
        CheckConstraint("(outcome = 'own') = (parameters IS NOT NULL)", name="parameters_known"),
        CheckConstraint("cardinality(parameters) = 21 AND 'NaN' <> ALL (parameters)", name="parameters_valid"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    id: Mapped[UUID] = mapped_column(default=new_id)
    outcome: Mapped[str] = mapped_column(String(16))
    parameters: Mapped[list[float] | None] = mapped_column(ARRAY(Double))
    answers: Mapped[int]
    reviews: Mapped[int]
    held_out: Mapped[int]
    log_loss: Mapped[float | None]
    present_log_loss: Mapped[float | None]
    standard_log_loss: Mapped[float | None]
    at: Mapped[datetime]
