"""The report of one file, written while the file is read: a large one never stands in memory."""

from collections import deque
from collections.abc import Generator, Iterable, Mapping, Sequence
from typing import BinaryIO

import orjson
from pydantic import JsonValue

from app.formats.reading import Problem, Unsupported
from app.formats.report import OUTCOMES, Entry, problem_entry, question_entry
from app.services.import_events import ReadDraft
from app.services.import_judge import Judged
from app.services.import_things import Thing


class ReportWriter:
    """Writes all of a file's entry but its name and its outcome, which `report_of_files` adds."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._count = 0
        self._unsupported: list[Entry] = []
        self._errors: list[Entry] = []
        out.write(b'{"questions":[')

    def add(self, things: Sequence[Thing], judged: Sequence[Judged]) -> None:
        """`judged` is empty for a chunk that an earlier run has stored."""
        problems = {each.n: each.problems for each in judged}
        for thing in things:
            self._errors += map(problem_entry, problems.get(thing.n, thing.warnings))
            match thing.event:
                case ReadDraft(draft=draft):
                    self._count += 1
                    separator = b"\n" if self._count == 1 else b",\n"
                    self._out.write(separator + orjson.dumps(question_entry(self._count, draft)))
                case Problem() as found:
                    self._errors.append(problem_entry(found))
                case Unsupported() as found:
                    self._unsupported.append(_unsupported_entry(found))

    def close(self, format_name: str) -> None:
        rest: dict[str, JsonValue] = {
            "unsupported": [*self._unsupported],
            "errors": [*self._errors],
            "count": self._count,
            "format": format_name,
        }
        self._out.write(b"\n]," + orjson.dumps(rest)[1:-1])


def problems_of(entry: BinaryIO) -> list[Entry]:
    """The problems of a written entry, which is left at its beginning."""
    entry.seek(0)
    last = deque(entry, maxlen=1).pop()
    entry.seek(0)
    problems: list[Entry] = orjson.loads(b"{" + last.removeprefix(b"],") + b"}")["errors"]
    return problems


def report_of_files(files: Iterable[tuple[str, Iterable[bytes], Mapping[str, int]]]) -> Generator[bytes]:
    """The whole report, from the name, the written entry and the outcome of each file."""
    separator = b'{"files":['
    for name, entry, outcome in files:
        yield separator
        yield from entry
        counts = {key: outcome.get(key, 0) for key in OUTCOMES}
        yield b"," + orjson.dumps({"file": name, "outcome": counts})[1:]
        separator = b",\n"
    yield b"]}\n"


def _unsupported_entry(found: Unsupported) -> Entry:
    location = found.location.model_dump(mode="json", exclude_none=True, exclude={"file"})
    return {"kind": found.kind, "location": location, "text": found.text}
