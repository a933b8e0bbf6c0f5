"""The time that the API is told in a test."""

from datetime import UTC, datetime

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    now = NOON
