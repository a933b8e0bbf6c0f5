from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import MasteryState
from app.models.base import Base, Json, Record, one_of


class LearnerStateRecord(Base):
    """A student's general ability. Its row is also the lock that puts the student's steps in order.

    `review_parameters` are those of the student's own forgetting curve (21 of FSRS-6), null = the published ones.
    """

    __tablename__ = "learner_states"
    __table_args__ = (
        CheckConstraint(
            "cardinality(review_parameters) = 21 AND 'NaN' <> ALL (review_parameters)", name="review_parameters_valid"
        ),
        {"postgresql_with": {"fillfactor": 70}},
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    mean: Mapped[float]
    variance: Mapped[float]
    answers: Mapped[int] = mapped_column(default=0)
    wins: Mapped[float] = mapped_column(default=0.0)
    residual_fast: Mapped[float] = mapped_column(default=0.0)
    residual_mid: Mapped[float] = mapped_column(default=0.0)
    residual_slow: Mapped[float] = mapped_column(default=0.0)
    last_at: Mapped[datetime | None]
    review_parameters: Mapped[list[float] | None] = mapped_column(ARRAY(Double))


class LearnerSkillState(Base):
    """`mastery` is the chance that the student succeeds on 80 % or more of the skill's average questions.

    `learned_at` is when the skill was learned, `confirmations` counts right mixed answers since, and `before_review`
    is the state that one right answer restores while a review is needed. `recent` are the scores of the last answers,
    the latest last, each a byte from 0 to 100.
    """

    __tablename__ = "learner_skill_states"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "skill_id"),
        one_of("state", MasteryState),
        one_of("before_review", MasteryState),
        {"postgresql_with": {"fillfactor": 75}},
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    skill_id: Mapped[UUID] = mapped_column(ForeignKey("skills.id"))
    mean: Mapped[float]
    variance: Mapped[float]
    answers: Mapped[int] = mapped_column(default=0)
    wins: Mapped[float] = mapped_column(default=0.0)
    residual: Mapped[float] = mapped_column(default=0.0)
    last_step: Mapped[int] = mapped_column(default=0)
    last_result: Mapped[float | None]
    last_at: Mapped[datetime | None]
    mastery: Mapped[float] = mapped_column(default=0.0)
    state: Mapped[str] = mapped_column(
        String(16), default=MasteryState.NOT_STARTED, server_default=MasteryState.NOT_STARTED
    )
    learned_at: Mapped[datetime | None]
    confirmations: Mapped[int] = mapped_column(default=0, server_default="0")
    before_review: Mapped[str | None] = mapped_column(String(16))
    recent: Mapped[bytes] = mapped_column(LargeBinary, default=b"", server_default="")


class MasteryEvent(Base):
    """A change of a skill's state or of its confirmations, with its cause; attempts sort by time."""

    __tablename__ = "mastery_events"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "skill_id", "attempt_id", "cause"),
        one_of("from_state", MasteryState),
        one_of("to_state", MasteryState),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    skill_id: Mapped[UUID]
    attempt_id: Mapped[UUID]
    cause: Mapped[str] = mapped_column(String(24))
    from_state: Mapped[str] = mapped_column(String(16))
    to_state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class LearnerItemState(Base):
    """What a student did with one question: for repeats, mistakes and reviews."""

    __tablename__ = "learner_item_states"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "question_id"),
        Index("ix_learner_item_states_recent", "user_id", "last_at"),
        {"postgresql_with": {"fillfactor": 85}},
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    question_id: Mapped[UUID]
    tries: Mapped[int] = mapped_column(default=0)
    wins: Mapped[float] = mapped_column(default=0.0)
    last_result: Mapped[float | None]
    last_at: Mapped[datetime]


class ItemStatistic(Base):
    """Running sums over the first answers of a question; the figures teachers see are computed from the log."""

    __tablename__ = "item_statistics"
    __table_args__ = {"postgresql_with": {"fillfactor": 70}}  # noqa: RUF012  # SQLAlchemy reads it

    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    answers: Mapped[int] = mapped_column(default=0)
    wins: Mapped[float] = mapped_column(default=0.0)
    expected: Mapped[float] = mapped_column(default=0.0)
    information: Mapped[float] = mapped_column(default=0.0)
    elapsed_ms: Mapped[int] = mapped_column(BigInteger, default=0)


class ModelVersion(Record):
    """Population parameters of the learner model; exactly one row is live, none = the built-in defaults.

    `replaced` is the version that was live before this one (0 = the built-in one): where a step back leads.
    """

    __tablename__ = "model_versions"
    __table_args__ = (Index("uq_model_versions_live", "is_live", unique=True, postgresql_where=text("is_live")),)

    number: Mapped[int] = mapped_column(SmallInteger, unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    parameters: Mapped[Json]
    metrics: Mapped[Json] = mapped_column(default=dict)
    is_live: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    promoted_at: Mapped[datetime | None]
    replaced: Mapped[int | None] = mapped_column(SmallInteger)


class ModelFile(Base):
    """Everything fitted for a version, as the bytes of an `.npz` file: arrays of numbers and text, no code."""

    __tablename__ = "model_files"

    number: Mapped[int] = mapped_column(
        SmallInteger, ForeignKey("model_versions.number", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    content: Mapped[bytes]
