"""What may be used of the language models, and when it is new again."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from app.domain.enums import UsagePeriod


@dataclass(frozen=True, slots=True)
class Allowance:
    """Limits of one person, or of everybody together; None = no limit."""

    day_tokens: int | None = None
    month_tokens: int | None = None
    day_cost: Decimal | None = None
    month_cost: Decimal | None = None
    requests_per_minute: int | None = None

    def tokens(self, period: UsagePeriod) -> int | None:
        return self.day_tokens if period is UsagePeriod.DAY else self.month_tokens

    def cost(self, period: UsagePeriod) -> Decimal | None:
        return self.day_cost if period is UsagePeriod.DAY else self.month_cost

    @property
    def limits_cost(self) -> bool:
        return self.day_cost is not None or self.month_cost is not None


def combined(allowances: Iterable[Allowance]) -> Allowance:
    """Each limit from the first that states it: the person's own, then the role's, then the default."""
    stated = list(allowances)
    return Allowance(
        **{
            field.name: next((value for each in stated if (value := getattr(each, field.name)) is not None), None)
            for field in fields(Allowance)
        }
    )


def period_start(period: UsagePeriod, now: datetime) -> date:
    """Days and months are those of UTC."""
    today = now.astimezone(UTC).date()
    return today if period is UsagePeriod.DAY else today.replace(day=1)


def period_end(period: UsagePeriod, now: datetime) -> datetime:
    start = period_start(period, now)
    following = start + timedelta(days=1) if period is UsagePeriod.DAY else (start + timedelta(days=32)).replace(day=1)
    return datetime.combine(following, time(), UTC)
