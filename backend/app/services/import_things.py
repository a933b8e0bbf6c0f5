"""The numbered things of a file, in the pieces in which they are stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.domain.enums import Severity
from app.domain.question_draft import Location
from app.formats.reading import Problem, Unsupported
from app.services.import_events import ReadDraft, ReadEvent, ReadMedia

CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Thing:
    """The n-th question, problem or unsupported part of a file, counted from 1, with the warnings about it."""

    n: int
    event: ReadDraft | Problem | Unsupported
    warnings: tuple[Problem, ...] = ()

    @property
    def location(self) -> Location:
        return _location(self.event)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Things that are stored in one transaction, and the files that came before or among them."""

    number: int
    things: list[Thing]
    media: list[ReadMedia]

    @property
    def last(self) -> int:
        return self.things[-1].n if self.things else self.number * CHUNK


def chunk_of(n: int) -> int:
    """The number of the chunk with the n-th thing."""
    return (n - 1) // CHUNK


def chunks(events: Iterable[ReadEvent]) -> Iterator[Chunk]:
    chunk = Chunk(0, [], [])
    for found in _things(events):
        if isinstance(found, ReadMedia):
            chunk.media.append(found)
            continue
        chunk.things.append(found)
        if len(chunk.things) == CHUNK:
            yield chunk
            chunk = Chunk(chunk.number + 1, [], [])
    if chunk.things:
        yield chunk


def _things(events: Iterable[ReadEvent]) -> Iterator[Thing | ReadMedia]:
    n = 0
    for event, warnings in _with_warnings(events):
        if isinstance(event, ReadMedia):
            yield event
        else:
            n += 1
            yield Thing(n, event, warnings)


def _with_warnings(events: Iterable[ReadEvent]) -> Iterator[tuple[ReadEvent, tuple[Problem, ...]]]:
    """Each event but warnings, which go with the question at their place; those about none stand for themselves."""
    waiting: list[Problem] = []
    for event in events:
        if isinstance(event, Problem) and event.severity is not Severity.ERROR:
            waiting.append(event)
            continue
        place = event.draft.location if isinstance(event, ReadDraft) else None
        yield from ((warning, ()) for warning in waiting if warning.location != place)
        yield event, tuple(warning for warning in waiting if warning.location == place)
        waiting = []
    yield from ((warning, ()) for warning in waiting)


def _location(event: ReadDraft | Problem | Unsupported) -> Location:
    return event.draft.location if isinstance(event, ReadDraft) else event.location
