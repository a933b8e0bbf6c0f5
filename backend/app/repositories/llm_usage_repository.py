from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.enums import LlmOutcome, LlmProvider, UsageGroup, UsagePeriod
from app.domain.usage_limits import period_start
from app.models import LlmUsage, UsageCounter
from app.utils.ids import new_id

ABANDONED_AFTER: Final = timedelta(hours=1)
MAX_ROWS: Final = 1000
NOTHING_HAPPENED: Final = (LlmOutcome.SUCCEEDED, LlmOutcome.RESERVED, LlmOutcome.CANCELLED, LlmOutcome.ABANDONED)


@dataclass(frozen=True, slots=True)
class Spending:
    tokens: int = 0
    cost: Decimal = Decimal(0)


_GROUPS: Final[dict[UsageGroup, ColumnElement[Any]]] = {
    UsageGroup.FLOW: LlmUsage.flow.expression,
    UsageGroup.MODEL: LlmUsage.model.expression,
    UsageGroup.PROVIDER: LlmUsage.provider.expression,
    UsageGroup.ROLE: LlmUsage.role.expression,
    UsageGroup.USER: LlmUsage.user_id.expression,
    UsageGroup.DAY: cast(func.timezone("UTC", LlmUsage.created_at), Date),
    UsageGroup.OUTCOME: LlmUsage.outcome.expression,
}


class LlmUsageRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add_spending(self, user_id: UUID | None, period: UsagePeriod, starts_on: date, spent: Spending) -> Spending:
        """Add to the counter and keep it locked until the end of the transaction; what stood there before."""
        row = insert(UsageCounter).values(
            id=new_id(), user_id=user_id, period=period, starts_on=starts_on, tokens=spent.tokens, cost=spent.cost
        )
        counted = row.on_conflict_do_update(
            index_elements=["user_id", "period", "starts_on"],
            set_={
                "tokens": UsageCounter.tokens + row.excluded.tokens,
                "cost": UsageCounter.cost + row.excluded.cost,
            },
        ).returning(UsageCounter.tokens, UsageCounter.cost)
        after = self.session.execute(counted).one()
        return Spending(after.tokens - spent.tokens, after.cost - spent.cost)

    def spending(self, user_id: UUID | None, now: datetime) -> dict[UsagePeriod, Spending]:
        """Of the present day and month."""
        current = [
            and_(UsageCounter.period == period, UsageCounter.starts_on == period_start(period, now))
            for period in UsagePeriod
        ]
        statement = select(UsageCounter).where(
            UsageCounter.user_id.is_not_distinct_from(user_id), current[0] | current[1]
        )
        found = {UsagePeriod(row.period): Spending(row.tokens, row.cost) for row in self.session.scalars(statement)}
        return {period: found.get(period, Spending()) for period in UsagePeriod}

    def lock_reserved(self, usage_id: UUID) -> LlmUsage | None:
        """None when it has been settled, or given up as abandoned, before."""
        statement = select(LlmUsage).where(LlmUsage.id == usage_id, LlmUsage.outcome == LlmOutcome.RESERVED)
        return self.session.scalar(statement.with_for_update())

    def abandon_old(self, now: datetime) -> int:
        """Calls whose process died: nobody knows what they cost, so their reservation stands."""
        old = update(LlmUsage).where(
            LlmUsage.outcome == LlmOutcome.RESERVED, LlmUsage.created_at < now - ABANDONED_AFTER
        )
        return len(self.session.execute(old.values(outcome=LlmOutcome.ABANDONED).returning(LlmUsage.id)).all())

    def report(self, group: UsageGroup, since: datetime, until: datetime) -> Sequence[Any]:
        """Rows as `LlmUsageRow` describes them, the dearest first; what has no known cost comes last."""
        name = _GROUPS[group]
        failed = func.count().filter(LlmUsage.outcome.not_in(NOTHING_HAPPENED))
        tokens = func.sum(LlmUsage.tokens_in + LlmUsage.tokens_out + LlmUsage.tokens_thinking)
        dearest = func.sum(LlmUsage.cost).desc().nulls_last()
        statement = (
            select(
                name.label("name"),
                func.count().label("calls"),
                failed.label("failures"),
                func.sum(LlmUsage.tokens_in).label("tokens_in"),
                func.sum(LlmUsage.tokens_out).label("tokens_out"),
                func.sum(LlmUsage.tokens_thinking).label("tokens_thinking"),
                func.sum(LlmUsage.cost).label("cost"),
                func.count().filter(LlmUsage.cost.is_(None)).label("unpriced_calls"),
                func.percentile_cont(0.5).within_group(LlmUsage.latency_ms).label("latency_ms"),
            )
            .where(LlmUsage.created_at >= since, LlmUsage.created_at < until)
            .group_by(name)
            .order_by(name.desc() if group is UsageGroup.DAY else dearest, tokens.desc(), name)
            .limit(MAX_ROWS)
        )
        return self.session.execute(statement).all()

    def last_success(self, provider: LlmProvider) -> datetime | None:
        found = self._latest(provider, LlmUsage.outcome == LlmOutcome.SUCCEEDED)
        return found.created_at if found else None

    def last_failure(self, provider: LlmProvider) -> LlmUsage | None:
        return self._latest(provider, LlmUsage.outcome.not_in(NOTHING_HAPPENED))

    def _latest(self, provider: LlmProvider, outcome: ColumnElement[bool]) -> LlmUsage | None:
        statement = select(LlmUsage).where(LlmUsage.provider == provider, outcome)
        return self.session.scalar(statement.order_by(LlmUsage.created_at.desc(), LlmUsage.id.desc()).limit(1))
