"""Values of spreadsheet cells as the texts that people see in them."""

from datetime import date, datetime, time, timedelta

from app.domain.numbers import format_number

CellValue = str | bool | int | float | date | datetime | time | timedelta


def cell_text(value: CellValue) -> str:
    """1969 and not 1969.0, dates and times in ISO 8601, ``True`` and ``False``."""
    match value:
        case float():
            return format_number(value)
        case datetime():
            return value.isoformat(sep=" ", timespec=_precision(value.time()))
        case time():
            return value.isoformat(timespec=_precision(value))
        case timedelta():
            return _duration(value)
        case _:  # texts, truth values, whole numbers, and dates
            return str(value)


def _precision(value: time) -> str:
    return "minutes" if value.second == value.microsecond == 0 else "auto"


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
