"""Writing the CSV table of our template, and the template itself."""

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from app.domain.question_draft import QuestionDraft
from app.formats.reading import Loss, WriteOptions
from app.formats.table_template import table_rows, template_rows

_BOM = b"\xef\xbb\xbf"  # without it spreadsheets take UTF-8 for the code page of the machine


class CsvWriter:
    name = "csv"
    title = "CSV table"
    extension = ".csv"
    mime = "text/csv"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, _options: WriteOptions) -> list[Loss]:
        losses: list[Loss] = []
        out.write(_BOM)
        out.writelines(_line(cells) for cells in table_rows(drafts, losses))
        return losses


def csv_template() -> bytes:
    """The table that authors download, fill in and upload: the header and one example of each type."""
    return _BOM + b"".join(_line(cells) for cells in template_rows())


def _line(cells: Iterable[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().encode()
