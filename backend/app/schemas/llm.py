from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from app.domain.enums import LimitScope, LlmFlow, LlmOutcome, LlmProvider, Role, UsageGroup
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
    """`latency_ms` is the median; `cost` in US dollars by the price table, of the calls that have a price.

    `unpriced_calls` asked a model that is not in the table; null = none of the calls has a known cost.
    """

    name: str
    calls: int
    failures: int
    tokens_in: int
    tokens_out: int
    tokens_thinking: int
    cost: Decimal | None
    unpriced_calls: int
    latency_ms: int


class LlmUsageReport(OutputModel):
    since: datetime
    until: datetime
    items: list[LlmUsageRow]


class LlmPriceRead(OutputModel):
    """US dollars for a million tokens; thinking is priced as output.

    `as_of` is the day on which the source said so, `since` the first day on which the price holds, `flow` the only use
    for which it does. `is_own`: stated in the settings, where it replaces what is known of the model.
    """

    model: str
    flow: LlmFlow | None
    tokens_in: Decimal
    tokens_out: Decimal
    since: date | None
    source: str
    as_of: date | None
    is_own: bool


class LlmPriceList(OutputModel):
    """`unpriced` models are configured and have no price: their tokens are counted, their cost is unknown."""

    items: list[LlmPriceRead]
    unpriced: list[str]


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
