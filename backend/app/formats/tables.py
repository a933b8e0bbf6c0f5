"""Rows of any table, be it text or a spreadsheet, as questions."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from app.domain.question_draft import Location
from app.formats.answer_keys import KeyStyle, key_style
from app.formats.columns import Column, Layout, layout_of_header
from app.formats.reading import Event, ProblemCode, ReadError, ReadOptions, problem
from app.formats.table_rows import Row, RowReader, choices_of

_HEADER_SEARCH_ROWS = 20
_STYLE_ROWS = 1_000


def table_events(rows: Iterable[Row], options: ReadOptions, file: str) -> Iterator[Event]:
    """Questions of the rows below the header; a `Location` counts its row from the header.

    Raises:
        ReadError: When no column holds a question.
    """
    filled = (row for row in rows if any(cell.strip() for cell in row.cells))
    layout, header_row, body = _layout(filled, options, file)
    first = list(islice(body, _STYLE_ROWS))
    reader = RowReader(layout, _style(first, layout), file)
    for row in chain(first, body):
        if len(row.cells) > options.limits.columns:
            place = Location(file=file, line=row.line, row=row.number - header_row)
            yield problem(ProblemCode.TOO_LARGE, f"More than {options.limits.columns} columns.", place)
        else:
            yield reader.read(Row(row.number - header_row, row.cells, row.line))


def _style(rows: Sequence[Row], layout: Layout) -> KeyStyle:
    if layout.are_wrong:  # beside wrong answers stands the text of the right one
        return KeyStyle.TEXT
    return key_style((_key(row, layout), choices) for row in rows if (choices := choices_of(row, layout)))


def _layout(rows: Iterator[Row], options: ReadOptions, file: str) -> tuple[Layout, int, Iterator[Row]]:
    """The layout, the number of the header row (0 without one), and the rows after it."""
    first = list(islice(rows, _HEADER_SEARCH_ROWS))
    if first and _is_headerless(first[0], options):
        return _usable(layout_of_header((), options.columns), file), 0, chain(first, rows)
    for position, row in enumerate(first):
        layout = layout_of_header(row.cells, options.columns)
        if layout.is_usable or (options.columns and Column.QUESTION in layout.positions):
            return layout, row.number, chain(first[position + 1 :], rows)
    return _usable(Layout(), file), 0, iter(())


def _is_headerless(row: Row, options: ReadOptions) -> bool:
    """Whether the first row holds data: the user says so, or maps columns by place and the row names none."""
    if options.has_header is not None:
        return not options.has_header
    by_place = bool(options.columns) and all(isinstance(target, int) for target in options.columns.values())
    return by_place and not layout_of_header(row.cells, {}).positions


def _usable(layout: Layout, file: str) -> Layout:
    if Column.QUESTION in layout.positions:
        return layout
    message = "No column is known to hold the question and its answer. Say which column holds what."
    raise ReadError(problem(ProblemCode.UNKNOWN_FORMAT, message, Location(file=file, line=1)))


def _key(row: Row, layout: Layout) -> str:
    index = layout.positions.get(Column.ANSWER, len(row.cells))
    return row.cells[index] if index < len(row.cells) else ""


def looks_like_questions(headers: Sequence[str]) -> bool:
    return layout_of_header(headers, {}).is_usable
