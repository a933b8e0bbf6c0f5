"""Delimited text as rows with their physical lines, able to go on after a quote that is never closed."""

import csv
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import islice

from app.domain.question_draft import Location
from app.formats.reading import Problem, ProblemCode, problem
from app.formats.table_rows import Row
from app.formats.tables import looks_like_questions

DELIMITERS = (",", ";", "\t", "|")

_LONGEST_RECORD_LINES = 1_000
_SNIFFED_ROWS = 20


class Records:
    """Iterates over the rows of a delimited text; ``problems`` grows as rows are skipped."""

    def __init__(self, lines: Iterator[str], delimiter: str, file: str) -> None:
        self.problems: list[Problem] = []
        self._feed = _Feed(lines)
        self._delimiter = delimiter
        self._file = file

    def __iter__(self) -> Iterator[Row]:
        number = 0
        while (cells := self._next_record()) is not None:
            number += 1
            if cells:
                yield Row(number, cells, self._feed.first_line)

    def _next_record(self) -> list[str] | None:
        """Cells of the next record, none of a skipped one, or None at the end."""
        self._feed.start_record()
        try:
            cells = next(csv.reader(self._feed, delimiter=self._delimiter), None)
        except csv.Error as error:
            return self._skip_line(f"The row cannot be read: {error}.")
        if cells is not None and self._feed.has_open_quote():
            return self._skip_line("A quotation mark is opened here and never closed.")
        return cells

    def _skip_line(self, message: str) -> list[str]:
        location = Location(file=self._file, line=self._feed.first_line)
        self.problems.append(problem(ProblemCode.SYNTAX, message, location, text=self._feed.taken[0]))
        self._feed.go_back_to_second_line()
        return []


class _Feed:
    """Hands lines to the csv module, remembering those of the current record so that they can be read anew."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.taken: list[str] = []
        self.first_line = 1
        self._lines = lines
        self._returned: deque[str] = deque()
        self._has_hit_end = False

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _LONGEST_RECORD_LINES:
            self._has_hit_end = True
            raise StopIteration
        try:
            line = self._returned.popleft() if self._returned else next(self._lines)
        except StopIteration:
            self._has_hit_end = True
            raise
        self.taken.append(line)
        return f"{line}\n"

    def start_record(self) -> None:
        self.first_line += len(self.taken)
        self.taken = []
        self._has_hit_end = False

    def has_open_quote(self) -> bool:
        """The csv module only asks for more lines than there are while a quotation is open."""
        return self._has_hit_end and bool(self.taken)

    def go_back_to_second_line(self) -> None:
        self._returned.extendleft(reversed(self.taken[1:]))
        self.taken = self.taken[:1]


def delimiter_of(text: str) -> str:
    """The delimiter that makes a header we know or, failing that, most rows of equal width."""
    return max(DELIMITERS, key=lambda delimiter: _fit(sniffed_rows(text, delimiter)))


def _fit(rows: Sequence[Sequence[str]]) -> tuple[bool, int, int]:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return any(looks_like_questions(row) for row in rows), count, width


def sniffed_rows(text: str, delimiter: str) -> list[list[str]]:
    rows = csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=delimiter)
    try:
        return [row for row in islice(rows, _SNIFFED_ROWS) if row]
    except csv.Error:
        return []
