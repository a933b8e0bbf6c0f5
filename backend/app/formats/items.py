"""Reading one item of a file: whatever is wrong with it becomes an event, and the rest of the file is read."""

from collections.abc import Callable, Iterator

from pydantic import ValidationError

from app.domain.question_draft import Location
from app.formats.reading import Event, ProblemCode, Unsupported, problem

_TOO_LONG = frozenset({"string_too_long", "too_long"})


class ItemError(Exception):
    """What makes a single item unreadable."""

    def __init__(self, code: ProblemCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class UncarriedError(Exception):
    """An item that is sound where it comes from and has no counterpart here; ``kind`` names it."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def item_events(read: Callable[[], Iterator[Event]], location: Location, text: str) -> tuple[Event, ...]:
    """What ``read`` gives, or the one event that says why it gives nothing; ``text`` shows people which item it is."""
    try:
        return tuple(read())
    except UncarriedError as error:
        return (Unsupported(error.kind, location, text),)
    except ItemError as error:
        return (problem(error.code, str(error), location, text=text),)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        code = ProblemCode.TOO_LARGE if first["type"] in _TOO_LONG else ProblemCode.NUMBER
        return (problem(code, first["msg"], location, text=text),)
