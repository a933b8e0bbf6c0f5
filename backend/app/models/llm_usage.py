from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import LimitScope, LlmOutcome, Role, UsagePeriod
from app.models.base import Record, Timestamped, one_of

Cost = Numeric(14, 6)


class LlmUsage(Record):
    """One call of a language model at one provider. While it is `reserved`, its figures are those of the reservation.

    Holds no prompt and no answer. `cost` in US dollars; null = no price of the model was known.
    """

    __tablename__ = "llm_usage"
    __table_args__ = (
        one_of("outcome", LlmOutcome),
        Index(None, "created_at"),
        Index(None, "user_id", "created_at"),
        Index("ix_llm_usage_reserved", "created_at", postgresql_where=text("outcome = 'reserved'")),
    )

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    role: Mapped[str] = mapped_column(String(16))
    flow: Mapped[str] = mapped_column(String(32))
    provider: Mapped[str] = mapped_column(String(16))
    model: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(16))
    tokens_in: Mapped[int] = mapped_column(default=0)
    tokens_out: Mapped[int] = mapped_column(default=0)
    tokens_thinking: Mapped[int] = mapped_column(default=0)
    cost: Mapped[Decimal | None] = mapped_column(Cost)
    tries: Mapped[int] = mapped_column(default=0)
    latency_ms: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(String(300), default="")


class UsageCounter(Record):
    """What one person, or with no user everybody together, used in one day or month: the sum over `llm_usage`."""

    __tablename__ = "usage_counters"
    __table_args__ = (
        one_of("period", UsagePeriod),
        UniqueConstraint("user_id", "period", "starts_on", postgresql_nulls_not_distinct=True),
    )

    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    period: Mapped[str] = mapped_column(String(8))
    starts_on: Mapped[date]
    tokens: Mapped[int] = mapped_column(BigInteger, default=0)
    cost: Mapped[Decimal] = mapped_column(Cost, default=Decimal(0))


class UsageLimit(Timestamped, Record):
    """What may be used: by everybody together, by each person of a role, or by one person. Null = not said here."""

    __tablename__ = "usage_limits"
    __table_args__ = (
        one_of("scope", LimitScope),
        one_of("role", Role),
        UniqueConstraint("scope", "role", "user_id", postgresql_nulls_not_distinct=True),
        CheckConstraint(
            "(role IS NOT NULL) = (scope = 'role') AND (user_id IS NOT NULL) = (scope = 'user')", name="scope_fits"
        ),
        CheckConstraint(
            "day_tokens >= 0 AND month_tokens >= 0 AND day_cost >= 0 AND month_cost >= 0 AND requests_per_minute >= 1",
            name="limits_range",
        ),
    )

    scope: Mapped[str] = mapped_column(String(16))
    role: Mapped[str | None] = mapped_column(String(16))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    day_tokens: Mapped[int | None] = mapped_column(BigInteger)
    month_tokens: Mapped[int | None] = mapped_column(BigInteger)
    day_cost: Mapped[Decimal | None] = mapped_column(Cost)
    month_cost: Mapped[Decimal | None] = mapped_column(Cost)
    requests_per_minute: Mapped[int | None]
