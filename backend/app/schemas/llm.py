from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from app.domain.enums import LimitScope, LlmOutcome, LlmProvider, Role, UsageGroup
from app.schemas.base import InputModel, OutputModel

Tokens = Annotated[int, Field(strict=True, ge=0, le=10**15)]
Money = Annotated[Decimal, Field(ge=0, le=10**7, max_digits=14, decimal_places=6, allow_inf_nan=False)]


class LlmProviderRead(OutputModel):
    """`is_resting`: its breaker is open in the process that answered. The rest is of all processes."""

    provider: LlmProvider
    model: str
    is_configured: bool
    position: Annotated[int | None, Field(description="Place in the order of failing over, from 1; null = not asked.")]
    is_resting: bool
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_outcome: LlmOutcome | None
    last_message: str


class LlmProviderList(OutputModel):
    items: list[LlmProviderRead]


class LlmUsageQuery(InputModel):
    """At most a year; without times the last thirty days."""

    group_by: UsageGroup = UsageGroup.FLOW
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and not self.since < self.until:
            raise ValueError("since must be before until")
        return self


class LlmUsageRow(OutputModel):
    """`latency_ms` is the median; `cost` by the price table, 0 for a model that is not in it."""

    name: str
    calls: int
    failures: int
    tokens_in: int
    tokens_out: int
    tokens_thinking: int
    cost: Decimal
    latency_ms: int


class LlmUsageReport(OutputModel):
    since: datetime
    until: datetime
    items: list[LlmUsageRow]


class UsageLimitUpdate(InputModel):
    """Replaces all five; null leaves it to the next level: person, role, default."""

    day_tokens: Tokens | None = None
    month_tokens: Tokens | None = None
    day_cost: Money | None = None
    month_cost: Money | None = None
    requests_per_minute: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None


class UsageLimitRead(OutputModel):
    id: UUID
    scope: LimitScope
    role: Role | None
    user_id: UUID | None
    day_tokens: int | None
    month_tokens: int | None
    day_cost: Decimal | None
    month_cost: Decimal | None
    requests_per_minute: int | None
    updated_at: datetime


class AllowanceLine(OutputModel):
    """One limit: `left` is what may still be used until `resets_at`."""

    limit: Decimal
    used: Decimal
    left: Decimal
    resets_at: datetime


class AllowanceRead(OutputModel):
    """What is left for the asker; null = no limit."""

    is_configured: bool
    day_tokens: AllowanceLine | None
    month_tokens: AllowanceLine | None
    day_cost: AllowanceLine | None
    month_cost: AllowanceLine | None
    requests_per_minute: int | None
    organisation_is_spent: Annotated[bool, Field(description="What everybody together may use is used up.")]
