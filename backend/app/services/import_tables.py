"""The rows of an import as a table that a spreadsheet opens."""

import csv
import io
from collections.abc import Generator, Iterable
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from app.formats.cells import guarded
from app.models import ImportRow
from app.repositories.import_repository import ImportRepository

PAGE: Final = 1000
_PLACES: Final = ("line", "row", "page", "member")
_HEADER: Final = ("n", "outcome", "severity", "code", *_PLACES, "column", "message", "text", "question_id")


def csv_of_rows(sessions: sessionmaker[Session], import_id: UUID) -> Generator[bytes]:
    """Page by page, each in a short transaction; cells that a spreadsheet would run as a formula are made text."""
    yield b"\xef\xbb\xbf" + _lines([_HEADER])
    after, more = 0, True
    while more:
        with sessions() as session:
            rows = ImportRepository(session).rows_after(import_id, after, PAGE)
        yield _lines(map(_cells, rows))
        more = len(rows) == PAGE
        after = rows[-1].n if rows else after


def _cells(row: ImportRow) -> list[object]:
    places = [row.location.get(name) for name in _PLACES]
    note = (row.column_name, row.message, row.text, row.question_id)
    return [row.n, row.outcome, row.severity, row.code, *places, *note]


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([guarded("" if cell is None else str(cell)) for cell in row] for row in rows)
    return buffer.getvalue().encode()
