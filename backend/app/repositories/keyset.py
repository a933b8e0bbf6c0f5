"""Pages that stay right while rows come and go: each begins after the last row of the page before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.errors import BadRequestError
from app.utils.cursor import decode_cursor, encode_cursor

Row = TypeVar("Row")
Position = tuple[str | int | float, ...]


class InvalidCursorError(BadRequestError):
    code = "invalid_cursor"


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    items: list[Row]
    next_cursor: str | None


def cut(rows: Sequence[Row], limit: int, position: Callable[[Row], Position]) -> Slice[Row]:
    """The page of `limit + 1` fetched rows; the surplus row only tells that there is more."""
    items = list(rows[:limit])
    more = len(rows) > limit
    return Slice(items, encode_cursor(*position(items[-1])) if more else None)


def read_position(cursor: str, *kinds: type) -> list[str | int | float]:
    """The values in a cursor, one of each given kind; raises InvalidCursorError for anything else."""
    try:
        values = decode_cursor(cursor, len(kinds))
    except ValueError as error:
        raise InvalidCursorError("The cursor is none of ours.") from error
    if any(type(value) is not kind for value, kind in zip(values, kinds, strict=True)):
        raise InvalidCursorError("The cursor belongs to another list.")
    return values
