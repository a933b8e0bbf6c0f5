"""Reading CSV and TSV tables; `columns.TEMPLATE_FIELDS` are the columns of our own."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.formats.cells import unguarded
from app.formats.columns import TEMPLATE_FIELDS
from app.formats.csv_records import Records, delimiter_of, sniffed_rows
from app.formats.reading import Event, ReadOptions, Sample, Source
from app.formats.table_rows import Row
from app.formats.tables import looks_like_questions, table_events

_LEAST_EQUAL_ROWS = 3
_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)


class CsvReader:
    name = "csv"
    title = "CSV or TSV table"
    extensions: tuple[str, ...] = (".csv", ".tsv", ".tab")

    def sniff(self, sample: Sample) -> float:
        rows = sniffed_rows(sample.text, delimiter_of(sample.text))
        if any(looks_like_questions(row) for row in rows):
            return 0.9
        widths = Counter(len(row) for row in rows if len(row) > 1)
        is_table = bool(widths) and len(rows) >= _LEAST_EQUAL_ROWS and max(widths.values()) == len(rows)
        return 0.25 if is_table else 0.0

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        head = source.sample.text
        separator = _SEPARATOR_LINE.fullmatch(head.split("\n", 1)[0].strip())
        delimiter = options.delimiter or (separator[1] if separator else delimiter_of(head))
        records = Records(source.lines(), delimiter, source.name)
        for event in table_events(_unguarded_rows(records), options, source.name):
            yield from records.problems
            records.problems.clear()
            yield event
        yield from records.problems


def _unguarded_rows(rows: Iterable[Row]) -> Iterator[Row]:
    is_own_table: bool | None = None
    for row in rows:
        if is_own_table is None:
            is_own_table = tuple(row.cells[: len(TEMPLATE_FIELDS)]) == TEMPLATE_FIELDS
        yield replace(row, cells=[unguarded(cell, is_own_table=is_own_table) for cell in row.cells])
