"""Tables of a document: one question a row, or lines like any others."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.domain.document_text import TextLine, TextTable
from app.formats.exam_text.flow import flow_of
from app.formats.table_rows import Row
from app.formats.tables import looks_like_questions

_HEADER_SEARCH_ROWS = 3


def question_rows(table: TextTable) -> list[Row]:
    """Rows with their text if a header among the first says that they hold questions; else none."""
    texts = [[_text(cell) for cell in row] for row in table.rows]
    if not any(looks_like_questions(row) for row in texts[:_HEADER_SEARCH_ROWS]):
        return []
    return [Row(number, cells) for number, cells in enumerate(texts, start=1)]


def _text(cell: Sequence[TextLine]) -> str:
    return "\n".join(flow_of([line]).plain for line in cell)


def lines_of_table(table: TextTable) -> list[TextLine]:
    """Cells side by side on one line where each holds one line, else one below the other."""
    return [line for row in table.rows for line in _lines_of_row(row)]


def _lines_of_row(row: Sequence[Sequence[TextLine]]) -> Iterator[TextLine]:
    filled = [cell for cell in row if any(line.text.strip() for line in cell)]
    if len(filled) > 1 and all(len(cell) == 1 for cell in filled):
        yield _side_by_side([cell[0] for cell in filled])
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
