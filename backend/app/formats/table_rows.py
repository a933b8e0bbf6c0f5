"""One row of a table as a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.enums import QuestionType
from app.domain.question_draft import Location, QuestionDraft
from app.formats.answer_keys import Choice, KeyStyle, right_choices, same_text
from app.formats.cells import split_list
from app.formats.columns import Column, Layout
from app.formats.drafts import build_draft, local_id
from app.formats.reading import Problem, ProblemCode, problem
from app.formats.simple_questions import (
    CHOICE_TYPES,
    TRUE_FALSE_CHOICES,
    FieldError,
    answer_fields,
    choice_fields,
    common_fields,
    declared_type,
    guessed_type,
    right_options,
)


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts the rows of the table from 1; ``line`` is the physical line where a row of text begins."""

    number: int
    cells: Sequence[str]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the rows of one table, whose columns and key style are known."""

    layout: Layout
    style: KeyStyle
    file: str

    def read(self, row: Row) -> QuestionDraft | Problem:
        location = Location(file=self.file, line=row.line, row=row.number)
        cells = {column: _cell(row, index) for column, index in self.layout.positions.items()}
        try:
            fields = self._fields(cells, choices_of(row, self.layout))
        except FieldError as error:
            text = cells.get(Column.QUESTION, "")
            return problem(error.code, str(error), location, column=error.column, text=text)
        if others := {header: cell for index, header in self.layout.others.items() if (cell := _cell(row, index))}:
            fields["extensions"] = {"columns": others}
        return build_draft(fields, location)

    def _fields(self, cells: Mapping[Column, str], choices: list[Choice]) -> dict[str, object]:
        fields = common_fields(cells)
        declared = declared_type(cells.get(Column.TYPE, ""))
        kind = declared or guessed_type(cells, choices)
        if kind in CHOICE_TYPES:
            return fields | self._choice_fields(kind, cells.get(Column.ANSWER), choices)
        if choices:
            raise FieldError(ProblemCode.UNSUPPORTED_TYPE, f"A question of type {kind} has no options.", Column.TYPE)
        if declared is None and self.layout.options and self._is_bare_key(cells.get(Column.ANSWER, "")):
            raise FieldError(ProblemCode.FEW_OPTIONS, "The options are missing.", Column.OPTIONS)
        return fields | {"type": kind} | answer_fields(kind, cells)

    def _choice_fields(self, kind: QuestionType, key: str | None, choices: Sequence[Choice]) -> dict[str, object]:
        if kind is QuestionType.TRUE_FALSE:
            choices = choices or TRUE_FALSE_CHOICES
        if len({choice.text for choice in choices}) < len(choices):
            raise FieldError(ProblemCode.DUPLICATE_OPTION, "Two options are the same.", Column.OPTIONS)
        # A table without an answer column has no keys yet; in one with it an empty cell is a mistake.
        right = frozenset[int]() if key is None else right_options(kind, key, choices, self.style)
        return choice_fields(kind, choices, right)

    def _is_bare_key(self, answer: str) -> bool:
        every = [Choice("", option.letter, option.number, option.header) for option in self.layout.options]
        return self.style is not KeyStyle.TEXT and right_choices(answer, every, self.style) is not None


def choices_of(row: Row, layout: Layout) -> list[Choice]:
    """The filled options of a row, each with the names of its column; before wrong answers stands the right one."""
    choices = _named_choices(row, layout)
    right = _cell(row, layout.positions[Column.ANSWER]) if Column.ANSWER in layout.positions else ""
    is_among = any(same_text(choice.text, right) for choice in choices)
    return [Choice(right, "", 0), *choices] if layout.are_wrong and choices and right and not is_among else choices


def _named_choices(row: Row, layout: Layout) -> list[Choice]:
    if (index := layout.positions.get(Column.OPTIONS)) is not None:
        texts = split_list(_cell(row, index))
        return [Choice(text, local_id(position), position + 1) for position, text in enumerate(texts)]
    cells = [(option, _cell(row, option.index)) for option in layout.options]
    return [Choice(cell, option.letter, option.number, option.header) for option, cell in cells if cell]


def _cell(row: Row, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""
