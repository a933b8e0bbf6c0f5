"""Tables of a PDF page that are drawn with lines, each cell with its words."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from app.ai.processing.page_lines import PageShape, lines_of_page
from app.ai.processing.pdf_figures import PageArea
from app.ai.processing.words import Word
from app.domain.document_text import TextLine, TextTable

if TYPE_CHECKING:
    from pdfplumber.pdf import PDF
    from pdfplumber.table import Table

_LEAST_COLUMNS = 3
_LEAST_ROWS = 2


@dataclass(frozen=True, slots=True)
class PlacedTable:
    area: PageArea
    table: TextTable


class TableFinder:
    """Opens the document a second time, because only pdfplumber finds tables; close it after use."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._document: PDF | None = None

    def tables(self, words: Sequence[Word], shape: PageShape) -> list[PlacedTable]:
        """Tables of three columns or more. A page that pdfplumber cannot read has none."""
        from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

        try:
            page = self._opened().pages[shape.number - 1]
            found = page.find_tables()
        except (MalformedPDFException, PdfminerException, ValueError, KeyError, IndexError, TypeError):
            return []
        placed = (_placed(each, words, shape) for each in found)
        return [table for table in placed if table is not None]

    def _opened(self) -> "PDF":
        import pdfplumber

        if self._document is None:
            self._stream.seek(0)
            self._document = pdfplumber.open(io.BytesIO(self._stream.read()))
        return self._document

    def close(self) -> None:
        if self._document is not None:
            self._document.close()


def _placed(found: "Table", words: Sequence[Word], shape: PageShape) -> PlacedTable | None:
    rows = [row.cells for row in found.rows]
    if len(rows) < _LEAST_ROWS or max(map(len, rows)) < _LEAST_COLUMNS:
        return None
    area = PageArea(*found.bbox)
    inside = [word for word in words if area.holds(word)]
    cells = tuple(tuple(_cell(cell, inside, shape) for cell in row) for row in rows)
    box = (
        area.left / shape.width,
        area.top / shape.height,
        area.right / shape.width,
        area.bottom / shape.height,
    )
    return PlacedTable(area, TextTable(cells, page=shape.number, box=box))


def _cell(
    corners: tuple[float, float, float, float] | None, words: Sequence[Word], shape: PageShape
) -> tuple[TextLine, ...]:
    if corners is None:
        return ()
    area = PageArea(*corners)
    return tuple(lines_of_page([word for word in words if area.holds(word)], shape))
