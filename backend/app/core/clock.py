from datetime import UTC, datetime


def utc_now() -> datetime:
    """The only reading of the clock; everything below the edge takes `now` as a parameter."""
    return datetime.now(UTC)
