"""One row of a table as a question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Location, Numeric, QuestionDraft
from app.formats.answer_keys import Choice, KeyStyle, named_choices, right_choices
from app.formats.cells import split_list, split_path
from app.formats.columns import Column, Layout, words_of
from app.formats.drafts import build_draft, choice_type, local_id, weighted_options
from app.formats.numbers import NumberError, number_of, numeric_answer
from app.formats.reading import Problem, ProblemCode, problem
from app.utils.html import html_of

_FALSE_WORDS = frozenset({"0", "false", "no", "n", "off"})
_TRUTH_WORDS = {"true": True, "t": True, "false": False, "f": False}
_DECLARED_TRUTH_WORDS = _TRUTH_WORDS | {"yes": True, "y": True, "1": True, "no": False, "n": False, "0": False}
_TYPE_WORDS = {
    QuestionType.SINGLE_CHOICE: "singlechoice single sc radio mc mcq multiplechoice choice",
    QuestionType.MULTIPLE_RESPONSE: (
        "multipleresponse multipleanswer multipleanswers multipleselect multiselect mr ma checkbox checkboxes"
    ),
    QuestionType.TRUE_FALSE: "truefalse tf boolean",
    QuestionType.SHORT_ANSWER: "shortanswer short sa fillin fillintheblank fib text",
    QuestionType.NUMERICAL: "numerical numeric number num",
    QuestionType.ESSAY: "essay long longanswer freetext",
    QuestionType.FLASHCARD: "flashcard card",
    QuestionType.DESCRIPTION: "description info information",
}
_TYPE_OF_WORD = {word: kind for kind, words in _TYPE_WORDS.items() for word in words.split()}
_CHOICE_TYPES = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_RESPONSE, QuestionType.TRUE_FALSE})


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts the rows of the table from 1; ``line`` is the physical line where a row of text begins."""

    number: int
    cells: Sequence[str]
    line: int | None = None


class _RowError(Exception):
    def __init__(self, code: ProblemCode, message: str, column: Column) -> None:
        super().__init__(message)
        self.code = code
        self.column = column


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
        except _RowError as error:
            text = cells.get(Column.QUESTION, "")
            return problem(error.code, str(error), location, column=error.column, text=text)
        if others := {header: cell for index, header in self.layout.others.items() if (cell := _cell(row, index))}:
            fields["extensions"] = {"columns": others}
        return build_draft(fields, location)

    def _fields(self, cells: Mapping[Column, str], choices: list[Choice]) -> dict[str, object]:
        fields = _common_fields(cells)
        declared = _declared_type(cells.get(Column.TYPE, ""))
        kind = declared or _guessed_type(cells, choices)
        if kind in _CHOICE_TYPES:
            return fields | self._choice_fields(declared, cells, choices)
        if choices:
            raise _RowError(ProblemCode.UNSUPPORTED_TYPE, f"A question of type {kind} has no options.", Column.TYPE)
        if declared is None and self.layout.options and self._is_bare_key(cells.get(Column.ANSWER, "")):
            raise _RowError(ProblemCode.FEW_OPTIONS, "The options are missing.", Column.OPTIONS)
        return fields | {"type": kind} | _answer_fields(kind, cells)

    def _is_bare_key(self, answer: str) -> bool:
        every = [Choice("", option.letter, option.number, option.header) for option in self.layout.options]
        return self.style is not KeyStyle.TEXT and right_choices(answer, every, self.style) is not None

    def _choice_fields(
        self, declared: QuestionType | None, cells: Mapping[Column, str], choices: list[Choice]
    ) -> dict[str, object]:
        key = cells.get(Column.ANSWER, "")
        if not choices and (declared is QuestionType.TRUE_FALSE or words_of(key) in _TRUTH_WORDS):
            declared, choices = QuestionType.TRUE_FALSE, [Choice("True", "a", 1), Choice("False", "b", 2)]
        right = self._right(declared, key, choices) if Column.ANSWER in cells else frozenset[int]()
        texts = [choice.text for choice in choices]
        kind = choice_type(texts, right) if declared in {None, QuestionType.SINGLE_CHOICE} else declared
        return {"type": kind, "options": weighted_options([html_of(text) for text in texts], right)}

    def _right(self, declared: QuestionType | None, key: str, choices: list[Choice]) -> frozenset[int]:
        if not key:
            raise _RowError(ProblemCode.NO_CORRECT, "The answer is missing.", Column.ANSWER)
        right = named_choices(key, choices, self.style)
        if right is None and declared is QuestionType.TRUE_FALSE:
            right = _truth(key, choices)
        if right is None:
            raise _RowError(
                ProblemCode.KEY_NOT_OPTION, f"The answer {key[:60]!r} is none of the options.", Column.ANSWER
            )
        return right


def choices_of(row: Row, layout: Layout) -> list[Choice]:
    """The filled options of a row, each with the names of its column."""
    if (index := layout.positions.get(Column.OPTIONS)) is not None:
        texts = split_list(_cell(row, index))
        return [Choice(text, local_id(position), position + 1) for position, text in enumerate(texts)]
    cells = [(option, _cell(row, option.index)) for option in layout.options]
    return [Choice(cell, option.letter, option.number, option.header) for option, cell in cells if cell]


def _cell(row: Row, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""


def _common_fields(cells: Mapping[Column, str]) -> dict[str, object]:
    fields: dict[str, object] = {"stem": html_of(cells.get(Column.QUESTION, ""))}
    texts = {"title": Column.TITLE, "external_id": Column.ID, "language": Column.LANGUAGE}
    fields |= {name: cells[column] for name, column in texts.items() if cells.get(column)}
    if cells.get(Column.EXPLANATION):
        fields["explanation"] = html_of(cells[Column.EXPLANATION])
    fields |= {
        column.value: _number(cells, column) for column in (Column.POINTS, Column.DIFFICULTY) if cells.get(column)
    }
    lists = (Column.TAGS, Column.SKILLS)
    fields |= {column.value: split_list(cells[column], weak=",") for column in lists if cells.get(column)}
    if cells.get(Column.CATEGORY):
        fields["category"] = split_path(cells[Column.CATEGORY])
    if cells.get(Column.SHUFFLE):
        fields["shuffle"] = cells[Column.SHUFFLE].casefold() not in _FALSE_WORDS
    return fields


def _number(cells: Mapping[Column, str], column: Column) -> float:
    try:
        return number_of(cells[column])
    except NumberError as error:
        raise _RowError(ProblemCode.NUMBER, str(error), column) from error


def _declared_type(cell: str) -> QuestionType | None:
    if not cell:
        return None
    if (kind := _TYPE_OF_WORD.get(words_of(cell))) is None:
        raise _RowError(ProblemCode.UNSUPPORTED_TYPE, f"A table cannot hold the type {cell[:60]!r}.", Column.TYPE)
    return kind


def _guessed_type(cells: Mapping[Column, str], choices: list[Choice]) -> QuestionType:
    answer = cells.get(Column.ANSWER, "")
    if choices:
        return QuestionType.SINGLE_CHOICE
    if answer.casefold() in _TRUTH_WORDS:
        return QuestionType.TRUE_FALSE
    has_leading_zero = len(answer) > 1 and answer.isdecimal() and answer.startswith("0")
    return QuestionType.SHORT_ANSWER if has_leading_zero or not _is_number(answer) else QuestionType.NUMERICAL


def _is_number(answer: str) -> bool:
    try:
        number_of(answer)
    except NumberError:
        return False
    return True


def _truth(key: str, choices: list[Choice]) -> frozenset[int] | None:
    wanted = _DECLARED_TRUTH_WORDS.get(words_of(key))
    truths = [_DECLARED_TRUTH_WORDS.get(words_of(choice.text)) for choice in choices]
    return frozenset({truths.index(wanted)}) if wanted is not None and truths.count(wanted) == 1 else None


def _answer_fields(kind: QuestionType, cells: Mapping[Column, str]) -> dict[str, object]:
    cell = cells.get(Column.ANSWER, "")
    if kind in {QuestionType.ESSAY, QuestionType.DESCRIPTION}:
        # What a teacher writes as the answer of an essay is shown afterwards; nothing is graded by it.
        return _joined_explanation(cells) if cell else {}
    if not cell and Column.ANSWER in cells:
        raise _RowError(ProblemCode.NO_CORRECT, "The answer is missing.", Column.ANSWER)
    if kind is QuestionType.FLASHCARD:
        return _joined_explanation(cells)
    if kind is QuestionType.NUMERICAL:
        return {"numeric": _numeric(cell, cells.get(Column.TOLERANCE, ""))}
    return {"answers": tuple(Answer(value=text) for text in split_list(cell))}


def _joined_explanation(cells: Mapping[Column, str]) -> dict[str, object]:
    texts = [cells.get(column, "") for column in (Column.ANSWER, Column.EXPLANATION)]
    return {"explanation": "<br>".join(html_of(text) for text in texts if text)}


def _numeric(cell: str, tolerance: str) -> Numeric:
    try:
        return Numeric(answers=tuple(numeric_answer(text, tolerance) for text in split_list(cell)))
    except NumberError as error:
        raise _RowError(ProblemCode.NUMBER, str(error), Column.ANSWER) from error
