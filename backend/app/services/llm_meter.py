"""Limits and records of the language models: reserve before a call, settle after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.ai.llm.guarded import CallRecord
from app.ai.llm.interface import Usage
from app.ai.llm.prices import PriceTable
from app.core.config import LlmSettings
from app.core.telemetry import LLM_CALLS, LLM_TOKENS
from app.domain.enums import LimitScope, LlmFlow, LlmOutcome, LlmProvider, Role, UsagePeriod
from app.domain.usage_limits import Allowance, combined, period_end, period_start
from app.models import LlmUsage
from app.repositories.llm_usage_repository import LlmUsageRepository, Spending
from app.repositories.usage_limit_repository import UsageLimitRepository
from app.services.llm_errors import (
    LlmBudgetSpentError,
    LlmLimitReachedError,
    LlmPriceUnknownError,
    refusal,
)


@dataclass(frozen=True, slots=True)
class LlmCaller:
    """For whom and for what a model is asked. Work in the background is not held to requests per minute."""

    user_id: UUID | None
    role: Role
    flow: LlmFlow
    is_background: bool = False


@dataclass(frozen=True, slots=True)
class Reservation:
    """`spent` is what the counters were raised by; a cost that nobody knows raises them by nothing."""

    usage_id: UUID
    caller: LlmCaller
    at: datetime
    spent: Spending


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most that a call is likely to use, at the provider that is asked first."""

    provider: LlmProvider
    model: str
    usage: Usage


class LlmMeter:
    """A burst of calls can overspend a limit by one reservation at most: counters are checked and raised under lock."""

    def __init__(self, sessions: sessionmaker[Session], settings: LlmSettings) -> None:
        self.sessions, self.settings = sessions, settings
        self.prices = PriceTable.of(settings.prices)

    def allowance(self, session: Session, caller: LlmCaller) -> tuple[Allowance, Allowance]:
        """The person's limits and those of everybody together."""
        stated = UsageLimitRepository(session).stated_for(caller.user_id, caller.role)
        own = [stated[scope] for scope in (LimitScope.USER, LimitScope.ROLE) if scope in stated]
        everybody = [stated[LimitScope.ORGANISATION]] if LimitScope.ORGANISATION in stated else []
        return combined([*own, self._default(caller.role)]), combined([*everybody, self._default_of_all()])

    def reserve(self, caller: LlmCaller, estimate: Estimate, now: datetime) -> Reservation:
        """Raises LlmLimitReachedError or LlmBudgetSpentError with the time of the next reset.

        Where the cost is limited, a model without a price cannot be asked: LlmPriceUnknownError.
        """
        cost = self.cost(caller.flow, estimate.model, estimate.usage, now)
        spent = Spending(estimate.usage.total, cost or Decimal(0))
        with self.sessions.begin() as session:
            own, everybody = self.allowance(session, caller)
            if cost is None and (own.limits_cost or everybody.limits_cost):
                raise LlmPriceUnknownError(f"The cost is limited, and no price of {estimate.model} is known.")
            # Always in this order, so that two reservations cannot wait for each other.
            for user_id, allowance in zip(_targets(caller), (everybody, own), strict=False):
                for period in UsagePeriod:
                    self._charge(session, user_id, period, (allowance, spent, now))
            row = _row(caller, estimate, cost)
            row.created_at = now
            session.add(row)
            session.flush()
            return Reservation(row.id, caller, now, spent)

    def settle(self, reservation: Reservation, records: Sequence[CallRecord]) -> None:
        """Replace the reservation by what the calls were; doing it twice changes nothing."""
        with self.sessions.begin() as session:
            usage = LlmUsageRepository(session)
            row = usage.lock_reserved(reservation.usage_id)
            if row is None:
                return
            session.delete(row)
            rows = [self._recorded(reservation, record) for record in records]
            session.add_all(rows)
            costs = (each.cost or Decimal(0) for each in rows)
            actual = Spending(sum(_tokens(each) for each in rows), sum(costs, Decimal(0)))
            self._correct(usage, reservation, actual)
        for record in records:
            flow, provider = reservation.caller.flow.value, record.provider.value
            LLM_CALLS.labels(flow, provider, record.outcome.value).inc()
            LLM_TOKENS.labels(flow, provider).inc(record.usage.total)

    def cost(self, flow: LlmFlow, model: str, usage: Usage, now: datetime) -> Decimal | None:
        """In US dollars; None = the model is in no price table."""
        price = self.prices.price(model, flow, now.date())
        return None if price is None else price.cost(usage)

    def _charge(
        self, session: Session, user_id: UUID | None, period: UsagePeriod, wish: tuple[Allowance, Spending, datetime]
    ) -> None:
        allowance, spent, now = wish
        starts_on = period_start(period, now)
        before = LlmUsageRepository(session).add_spending(user_id, period, starts_on, spent)
        whose = "your" if user_id else "everybody's"
        tokens, cost = allowance.tokens(period), allowance.cost(period)
        if cost is not None and before.cost >= cost:
            detail = f"This {period.value}, {whose} budget for language models is spent."
            raise refusal(LlmBudgetSpentError, detail, period_end(period, now), now)
        if tokens is not None and before.tokens >= tokens:
            detail = f"This {period.value}, {whose} limit of the language models is reached."
            raise refusal(LlmLimitReachedError, detail, period_end(period, now), now)

    def _correct(self, usage: LlmUsageRepository, reservation: Reservation, actual: Spending) -> None:
        change = Spending(actual.tokens - reservation.spent.tokens, actual.cost - reservation.spent.cost)
        for user_id in _targets(reservation.caller):
            for period in UsagePeriod:
                usage.add_spending(user_id, period, period_start(period, reservation.at), change)

    def _recorded(self, reservation: Reservation, record: CallRecord) -> LlmUsage:
        cost = self.cost(reservation.caller.flow, record.model, record.usage, reservation.at)
        row = _row(reservation.caller, Estimate(record.provider, record.model, record.usage), cost)
        row.created_at, row.outcome, row.tries = reservation.at, record.outcome.value, record.tries
        row.latency_ms, row.message = round(record.latency_s * 1_000), record.message[:300]
        return row

    def _default(self, role: Role) -> Allowance:
        settings = self.settings
        tokens = settings.student_day_tokens if role is Role.STUDENT else settings.staff_day_tokens
        return Allowance(day_tokens=tokens, requests_per_minute=settings.requests_per_minute)

    def _default_of_all(self) -> Allowance:
        return Allowance(month_tokens=self.settings.organisation_month_tokens)


def _targets(caller: LlmCaller) -> tuple[UUID | None, ...]:
    """Whose counters a call raises: everybody's, and the caller's own."""
    return (None,) if caller.user_id is None else (None, caller.user_id)


def _row(caller: LlmCaller, estimate: Estimate, cost: Decimal | None) -> LlmUsage:
    return LlmUsage(
        user_id=caller.user_id,
        role=caller.role.value,
        flow=caller.flow.value,
        provider=estimate.provider.value,
        model=estimate.model[:100],
        outcome=LlmOutcome.RESERVED.value,
        tokens_in=estimate.usage.tokens_in,
        tokens_out=estimate.usage.tokens_out,
        tokens_thinking=estimate.usage.tokens_thinking,
        cost=cost,
    )


def _tokens(row: LlmUsage) -> int:
    return row.tokens_in + row.tokens_out + row.tokens_thinking
