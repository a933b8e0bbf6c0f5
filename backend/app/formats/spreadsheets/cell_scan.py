"""What the cells of a sheet hold in the file itself, looked at before a library takes them into memory."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from app.domain.question_draft import Location
from app.formats.reading import Limits, ProblemCode, ReadError, problem
from app.formats.xml_reading import Element, children, stream_elements, text_of

Place = tuple[int, int]
"""Row and column, both from 0."""

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile("[1-9][0-9]{0,6}")
_ROOM_ABOVE_THE_HEADER = 100
# A sheet is kept in memory as a full rectangle; this many cells take about 130 MB.
_MOST_CELLS = 4_000_000


@dataclass(slots=True)
class SheetScan:
    """Size of the rectangle that holds all values, and the texts of cells that have none.

    Such a cell holds a formula that was never computed (``=1/2``) or one that failed (``#N/A``).
    """

    rows: int = 0
    columns: int = 0
    valueless: dict[Place, str] = field(default_factory=dict)


def scan_sheet(stream: BinaryIO, limits: Limits, place: Location) -> SheetScan:
    """Raises `ReadError` for a sheet with values outside the limits, or one that is no XML."""
    scan = SheetScan()
    row = -1
    for element, _ in stream_elements(stream, {"row"}, limits, place):
        row = _row_number(element, row + 1)
        for at, cell in _cells(element, row):
            if (text := _text_instead_of_value(cell)) is not None:
                scan.valueless[at] = text
            elif not _has_value(cell):
                continue
            scan.rows = max(scan.rows, at[0] + 1)
            scan.columns = max(scan.columns, at[1] + 1)
        _refuse_too_large(scan, limits, place)
    return scan


def _row_number(row: Element, following: int) -> int:
    number = row.get("r") or ""
    return int(number) - 1 if _NUMBER.fullmatch(number) else following


def _cells(element: Element, row: int) -> Iterator[tuple[Place, Element]]:
    """Cells with their places; one that does not name its place stands right of the one before."""
    column = -1
    for cell in children(element, "c"):
        reference = cell.get("r")
        at = place_of(reference) if reference else (row, column + 1)
        column = at[1]
        yield at, cell


def place_of(reference: str) -> Place:
    """``C2`` is (1, 2). What is no place is as far away as none can be, so that its sheet is refused."""
    if (match := _REFERENCE.fullmatch(reference)) is None:
        return sys.maxsize, sys.maxsize
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def column_letters(column: int) -> str:
    """What spreadsheet programs call a column: 0 is ``A``."""
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters = chr(ord("A") + rest) + letters
        column -= 1
    return letters


def _text_instead_of_value(cell: Element) -> str | None:
    if cell.get("t") == "e":
        return text_of(cell, "v")
    formula = text_of(cell, "f")
    return f"={formula}" if formula and not _has_value(cell) else None


def _has_value(cell: Element) -> bool:
    return any(each.text or len(each) for each in children(cell, "v", "is"))


def _refuse_too_large(scan: SheetScan, limits: Limits, place: Location) -> None:
    most_rows = limits.rows + _ROOM_ABOVE_THE_HEADER
    is_too_large = scan.rows > most_rows or scan.columns > limits.columns or scan.rows * scan.columns > _MOST_CELLS
    if is_too_large:
        message = f"The sheet is larger than {limits.rows} rows, {limits.columns} columns or {_MOST_CELLS} cells."
        raise ReadError(problem(ProblemCode.TOO_LARGE, message, place))
