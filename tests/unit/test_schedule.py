from datetime import UTC, datetime, time, timedelta, timezone

import pytest

from app.tasks.schedule import last_time

NIGHT = time(2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected_day"),
    [
        (datetime(2026, 5, 3, 2, 29, tzinfo=UTC), 2),
        (datetime(2026, 5, 3, 2, 30, tzinfo=UTC), 3),
        (datetime(2026, 5, 3, 23, 59, tzinfo=UTC), 3),
        (datetime(2026, 5, 4, 1, 0, tzinfo=timezone(timedelta(hours=2))), 3),
    ],
)
def test_the_last_night_is_never_ahead(now: datetime, expected_day: int) -> None:
    assert last_time(NIGHT, now) == datetime(2026, 5, expected_day, 2, 30, tzinfo=UTC)
