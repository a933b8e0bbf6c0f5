"""The workbook that Kahoot gives authors to fill in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.formats.columns import field_name
from app.formats.reading import Event, ReadOptions, Sample, Source
from app.formats.spreadsheets.reader import workbook_events
from app.formats.spreadsheets.workbook import WORKBOOK_MEMBER
from app.formats.table_rows import Row

_TEXT_MEMBERS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
_SIGNATURE = re.compile(rb"Answer 1\s*(?:-|\xe2\x80\x93)\s*max \d+ char", re.IGNORECASE)
_RULE = re.compile(r"\s+[-–]\s.*", re.DOTALL)


class KahootReader:
    name = "kahoot"
    title = "Kahoot quiz (Excel)"
    extensions: tuple[str, ...] = (".xlsx",)

    def sniff(self, sample: Sample) -> float:
        if WORKBOOK_MEMBER not in sample.members:
            return 0.0
        return 0.9 if any(_SIGNATURE.search(sample.member_head(name)) for name in _TEXT_MEMBERS) else 0.0

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        yield from workbook_events(source, options, _filled_rows)


def _filled_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows without the rules in the header, like "max 120 characters", and without those that only have a number."""
    is_below_header = False
    for row in rows:
        if not is_below_header:
            cells = [_RULE.sub("", cell) for cell in row.cells]
            is_below_header = {"question", "option_a"} <= {field_name(cell) for cell in cells}
            yield replace(row, cells=cells if is_below_header else row.cells)
        elif any(row.cells[1:]):
            yield row
