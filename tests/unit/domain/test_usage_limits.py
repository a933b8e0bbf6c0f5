from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enums import UsagePeriod
from app.domain.usage_limits import Allowance, combined, period_end, period_start

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("period", "now", "start", "end"),
    [
        (UsagePeriod.DAY, "2026-03-15T23:59:59+00:00", "2026-03-15", "2026-03-16T00:00:00+00:00"),
        (UsagePeriod.DAY, "2026-03-15T23:30:00-02:00", "2026-03-16", "2026-03-17T00:00:00+00:00"),
        (UsagePeriod.MONTH, "2026-12-31T12:00:00+00:00", "2026-12-01", "2027-01-01T00:00:00+00:00"),
        (UsagePeriod.MONTH, "2028-02-29T12:00:00+00:00", "2028-02-01", "2028-03-01T00:00:00+00:00"),
    ],
)
def test_periods_are_those_of_utc(period: UsagePeriod, now: str, start: str, end: str) -> None:
    moment = datetime.fromisoformat(now)
    assert (period_start(period, moment).isoformat(), period_end(period, moment).isoformat()) == (start, end)


@given(now=MOMENTS, period=st.sampled_from(UsagePeriod))
def test_one_period_ends_where_the_next_begins(now: datetime, period: UsagePeriod) -> None:
    end = period_end(period, now)
    assert now < end
    assert period_start(period, end - timedelta(microseconds=1)) == period_start(period, now)
    assert period_start(period, end) == end.date()


def test_each_limit_comes_from_the_first_that_states_it() -> None:
    person, role = Allowance(day_tokens=0), Allowance(day_tokens=5, month_cost=Decimal(2))
    default = Allowance(day_tokens=9, month_tokens=9, month_cost=Decimal(9))
    assert combined([person, role, default]) == Allowance(day_tokens=0, month_tokens=9, month_cost=Decimal(2))
