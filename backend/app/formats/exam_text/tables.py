"""Tables of a document: one question a row, or lines like any others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.domain.document_text import TextLine, TextTable
from app.formats.exam_text.flow import flow_of
from app.formats.table_rows import Row
from app.formats.tables import looks_like_questions

_HEADER_SEARCH_ROWS = 3
_LONGEST_KEY_CELL = 5
_NUMBER = re.compile(r"\W{0,2}(?:Q\w*\.?\s*)?\d{1,3}\W{0,2}$", re.IGNORECASE)


def question_rows(table: TextTable) -> list[Row]:
    """Rows with their text if a header among the first says that they hold questions; else none."""
    texts = [[_text(cell) for cell in row] for row in table.rows]
    header = next((at for at, row in enumerate(texts[:_HEADER_SEARCH_ROWS]) if looks_like_questions(row)), None)
    if header is None or _is_key(texts[header + 1 :]):
        return []
    return [Row(number, cells) for number, cells in enumerate(texts, start=1)]


def _is_key(rows: Sequence[Sequence[str]]) -> bool:
    """Whether "Question" and "Answer" stand above numbers and letters."""
    cells = [cell.strip() for row in rows for cell in row if cell.strip()]
    return all(len(cell) <= _LONGEST_KEY_CELL for cell in cells)


def _text(cell: Sequence[TextLine]) -> str:
    return "\n".join(flow_of([line]).plain for line in cell)


def lines_of_table(table: TextTable) -> list[TextLine]:
    """Cells side by side on one line where each holds one line, else one below the other."""
    return [line for row in table.rows for line in _lines_of_row(row)]


def _lines_of_row(row: Sequence[Sequence[TextLine]]) -> Iterator[TextLine]:
    filled = [cell for cell in row if any(line.text.strip() for line in cell)]
    if len(filled) > 1 and all(len(cell) == 1 for cell in filled):
        yield _side_by_side([cell[0] for cell in filled])
    elif len(filled) > 1 and len(filled[0]) == 1 and _NUMBER.match(filled[0][0].text):
        yield _side_by_side([filled[0][0], filled[1][0]])
        yield from (line for line in filled[1][1:])
        yield from (line for cell in filled[2:] for line in cell)
    else:
        yield from (line for cell in filled for line in cell)


def _side_by_side(lines: Sequence[TextLine]) -> TextLine:
    text = "\t".join(line.text for line in lines)
    spans = []
    at = 0
    for line in lines:
        spans += [replace(span, start=span.start + at, end=span.end + at) for span in line.spans]
        at += len(line.text) + 1
    pictures = tuple(name for line in lines for name in line.pictures)
    return replace(lines[0], text=text, spans=tuple(spans), pictures=pictures)
