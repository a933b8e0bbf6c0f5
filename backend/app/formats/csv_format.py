"""CSV and TSV tables; `columns.Column` names the columns of the template."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from string import ascii_lowercase
from typing import BinaryIO

from app.domain.enums import QuestionType
from app.domain.numbers import format_number
from app.domain.question_draft import QuestionDraft
from app.formats.answer_keys import KeyStyle
from app.formats.cells import guarded, join_list, join_path, unguarded
from app.formats.columns import Column, layout_of_header
from app.formats.csv_records import Records, delimiter_of, sniffed_rows
from app.formats.losses import losses_of
from app.formats.numbers import text_of_answer
from app.formats.reading import Event, Loss, ReadOptions, Sample, Source, WriteOptions
from app.formats.table_rows import Row, RowReader
from app.formats.tables import looks_like_questions, table_events
from app.utils.html import text_of

FIELDS = (
    Column.ID, Column.TYPE, Column.TITLE, Column.CATEGORY, Column.TAGS, Column.SKILLS, Column.POINTS, Column.DIFFICULTY,
    Column.LANGUAGE, Column.SHUFFLE, Column.EXPLANATION, Column.QUESTION, Column.ANSWER, Column.TOLERANCE,
)  # fmt: skip
HEADER = (*(column.value for column in FIELDS), *(f"option_{letter}" for letter in ascii_lowercase))

_LEAST_EQUAL_ROWS = 3
_SEPARATOR_LINE = re.compile(r"sep=(.)", re.IGNORECASE)
_WRITTEN_TYPES = frozenset(
    {
        QuestionType.SINGLE_CHOICE,
        QuestionType.MULTIPLE_RESPONSE,
        QuestionType.TRUE_FALSE,
        QuestionType.SHORT_ANSWER,
        QuestionType.NUMERICAL,
        QuestionType.ESSAY,
        QuestionType.FLASHCARD,
        QuestionType.DESCRIPTION,
    }
)


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
            is_own_table = tuple(row.cells[: len(FIELDS)]) == HEADER[: len(FIELDS)]
        yield replace(row, cells=[unguarded(cell, is_own_table=is_own_table) for cell in row.cells])


class CsvWriter:
    """Writes rows of the template. Options have the last columns, so a row is only as long as it needs to be."""

    name = "csv"
    title = "CSV table"
    extension = ".csv"
    mime = "text/csv"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, _options: WriteOptions) -> list[Loss]:
        losses: list[Loss] = []
        out.write(b"\xef\xbb\xbf" + _line(HEADER))
        for position, draft in enumerate(drafts, start=1):
            if draft.type not in _WRITTEN_TYPES:
                losses.append(Loss(position, "type", f"A table cannot hold a question of type {draft.type}."))
                continue
            cells = _cells(draft)
            losses += losses_of(position, draft, _READ_BACK.read(Row(position, cells)))
            out.write(_line([guarded(cell) for cell in cells]))
        return losses


# The losses of a row are what its own reader does not find in it again.
_READ_BACK = RowReader(layout_of_header(HEADER, {}), KeyStyle.LETTER, file="")


def _line(cells: Iterable[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().encode()


def _cells(draft: QuestionDraft) -> list[str]:
    is_card = draft.type is QuestionType.FLASHCARD
    values = {
        Column.ID: draft.external_id or "",
        Column.TYPE: draft.type.value,
        Column.TITLE: draft.title,
        Column.CATEGORY: join_path(draft.category),
        Column.TAGS: join_list(draft.tags, weak=","),
        Column.SKILLS: join_list(draft.skills, weak=","),
        Column.POINTS: format_number(draft.points),
        Column.DIFFICULTY: "" if draft.difficulty is None else format_number(draft.difficulty),
        Column.LANGUAGE: draft.language,
        Column.SHUFFLE: "" if draft.shuffle else "no",
        Column.EXPLANATION: "" if is_card else text_of(draft.explanation),
        Column.QUESTION: text_of(draft.stem),
        Column.ANSWER: text_of(draft.explanation) if is_card else _answer_cell(draft),
    }
    return [*(values.get(column, "") for column in FIELDS), *(text_of(option.html) for option in draft.options)]


def _answer_cell(draft: QuestionDraft) -> str:
    if draft.options:
        letters = zip(ascii_lowercase, draft.options, strict=False)
        return join_list(letter.upper() for letter, option in letters if option.weight > 0)
    if draft.numeric is not None:
        answers = draft.numeric.answers
        return join_list(text_of_answer(answer) or format_number(answer.value) for answer in answers)
    return join_list(answer.value for answer in draft.answers)
