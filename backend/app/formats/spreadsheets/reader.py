"""Workbooks whose sheets are tables of questions."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice

from app.domain.enums import Severity
from app.domain.question_draft import Location, QuestionDraft
from app.formats.cells import unguarded
from app.formats.columns import TEMPLATE_FIELDS
from app.formats.reading import (
    Event,
    Problem,
    ProblemCode,
    ReadError,
    ReadOptions,
    Sample,
    Source,
    Unsupported,
    problem,
)
from app.formats.spreadsheets.cell_scan import column_letters
from app.formats.spreadsheets.workbook import WORKBOOK_MEMBER, Sheet, Workbook, is_old_office
from app.formats.table_rows import Row
from app.formats.tables import looks_like_questions, table_events
from app.utils.html import html_of

HEADER_SEARCH_ROWS = 20

RowFilter = Callable[[Iterable[Row]], Iterator[Row]]


class XlsxReader:
    name = "xlsx"
    title = "Excel table"
    extensions: tuple[str, ...] = (".xlsx", ".xlsm")

    def sniff(self, sample: Sample) -> float:
        if is_old_office(sample.head):
            return 0.25
        return 0.8 if WORKBOOK_MEMBER in sample.members else 0.0

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        yield from workbook_events(source, options, _without_guards)


def workbook_events(source: Source, options: ReadOptions, prepared: RowFilter) -> Iterator[Event]:
    """Questions of the sheet that the user names, else of all sheets with a header for questions.

    With no such header the first sheet is read as the user's mapping of columns says. Other sheets are unsupported.
    """
    workbook = Workbook(source, options.limits)
    yield from workbook.problems
    names = _wanted(workbook, options, source.name)
    has_table = False
    for name in names:
        sheet = workbook.sheet(name)
        first = list(islice(sheet.rows, HEADER_SEARCH_ROWS))
        is_table = len(names) == 1 or any(looks_like_questions(row.cells) for row in prepared(first))
        if is_table or (options.columns and not has_table):
            has_table = True
            rows = prepared(chain(first, sheet.rows))
            yield from _sheet_events(replace(sheet, rows=rows), options, source.name)
        elif sheet.scan.rows:
            yield Unsupported("sheet", Location(file=source.name, member=name), name)
    if not has_table:
        message = "No sheet has a header with a question and its answer. Say which column holds what."
        raise ReadError(problem(ProblemCode.UNKNOWN_FORMAT, message, Location(file=source.name)))


def _wanted(workbook: Workbook, options: ReadOptions, file: str) -> tuple[str, ...]:
    names = workbook.sheet_names
    if options.sheet is None:
        return names
    if options.sheet not in names:
        message = f"There is no sheet {options.sheet!r}, only {', '.join(names)}."
        raise ReadError(problem(ProblemCode.UNKNOWN_FORMAT, message, Location(file=file)))
    return (options.sheet,)


def _sheet_events(sheet: Sheet, options: ReadOptions, file: str) -> Iterator[Event]:
    """Events with the row as the spreadsheet program numbers it."""
    valueless: dict[int, dict[str, str]] = {}
    for (row, column), text in sheet.scan.valueless.items():
        valueless.setdefault(row + 1, {})[column_letters(column)] = text
    for event in table_events(sheet.rows, options, file):
        if isinstance(event, QuestionDraft | Problem):
            place = Location(file=file, member=sheet.name, row=event.location.line)
            yield from _judged(event, place, valueless.get(place.row or 0, {}))


def _judged(event: QuestionDraft | Problem, place: Location, valueless: Mapping[str, str]) -> Iterator[Event]:
    """The event, but no question that asks or accepts a formula without a result; in an option it is a warning."""
    is_unusable = isinstance(event, QuestionDraft) and _needs(event, valueless.values())
    for column, text in valueless.items():
        message = "The cell has no value. Open the file in a spreadsheet program, mend the formula and save it."
        severity = Severity.ERROR if is_unusable else Severity.WARNING
        yield replace(problem(ProblemCode.SYNTAX, message, place, column=column, text=text), severity=severity)
    if isinstance(event, Problem):
        yield replace(event, location=place)
    elif not is_unusable:
        yield event.model_copy(update={"location": place})


def _needs(draft: QuestionDraft, texts: Collection[str]) -> bool:
    used = {draft.stem, draft.explanation, *(answer.value for answer in draft.answers)}
    return not used.isdisjoint({*texts, *map(html_of, texts)})


def _without_guards(rows: Iterable[Row]) -> Iterator[Row]:
    is_own_table: bool | None = None
    for row in rows:
        if is_own_table is None and any(row.cells):
            is_own_table = tuple(row.cells[: len(TEMPLATE_FIELDS)]) == TEMPLATE_FIELDS
        yield replace(row, cells=[unguarded(cell, is_own_table=bool(is_own_table)) for cell in row.cells])
