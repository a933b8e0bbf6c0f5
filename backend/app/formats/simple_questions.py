"""Fields of a question from a few named texts, as table rows and plain JSON objects have them."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from app.domain.enums import QuestionType
from app.domain.numbers import number_readings
from app.domain.question_draft import Answer, Numeric
from app.formats.answer_keys import Choice, KeyStyle, named_choices
from app.formats.cells import split_list, split_path
from app.formats.columns import Column, words_of
from app.formats.drafts import choice_type, weighted_options
from app.formats.numbers import NumberError, number_of, numeric_answer
from app.formats.reading import ProblemCode
from app.utils.html import html_of

TRUE_FALSE_CHOICES = (Choice("True", "a", 1), Choice("False", "b", 2))
CHOICE_TYPES = frozenset({QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_RESPONSE, QuestionType.TRUE_FALSE})

_PLAIN_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.\d+)?")  # 007, 24/7 and 1,5 may be texts
# In logits, a first guess until there are answers.
DIFFICULTY_OF_WORD = {
    "veryeasy": -2.0,
    "easy": -1.0,
    "medium": 0.0,
    "moderate": 0.0,
    "hard": 1.0,
    "difficult": 1.0,
    "veryhard": 2.0,
    "sehrleicht": -2.0,
    "leicht": -1.0,
    "einfach": -1.0,
    "mittel": 0.0,
    "schwer": 1.0,
    "schwierig": 1.0,
    "sehrschwer": 2.0,
}
_DIFFICULTIES = "a number in logits (0 is average), or very easy, easy, medium, hard or very hard"
_FALSE_WORDS = frozenset({"0", "false", "no", "n", "off"})
_TRUTH_WORDS = {"true": True, "t": True, "false": False, "f": False}
_DECLARED_TRUTH_WORDS = _TRUTH_WORDS | {"yes": True, "y": True, "1": True, "no": False, "n": False, "0": False}
_TYPE_WORDS = {
    QuestionType.SINGLE_CHOICE: "singlechoice single sc radio mc mcq multiple multiplechoice choice",
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


class FieldError(Exception):
    """A text that makes its whole question unusable."""

    def __init__(self, code: ProblemCode, message: str, column: Column) -> None:
        super().__init__(message)
        self.code = code
        self.column = column


def choice_fields(kind: QuestionType, choices: Sequence[Choice], right: Collection[int]) -> dict[str, object]:
    """Type and options; a single choice with several right ones is a multiple response."""
    texts = [choice.text for choice in choices]
    settled = choice_type(texts, right) if kind is QuestionType.SINGLE_CHOICE else kind
    return {"type": settled, "options": weighted_options([html_of(text) for text in texts], right)}


def right_options(kind: QuestionType, key: str, choices: Sequence[Choice], style: KeyStyle) -> frozenset[int]:
    """Indexes of the choices that the key names.

    Raises:
        FieldError: When the key is empty or names no choice.
    """
    if not key:
        raise FieldError(ProblemCode.NO_CORRECT, "The answer is missing.", Column.ANSWER)
    right = named_choices(key, choices, style)
    if right is None and kind is QuestionType.TRUE_FALSE:
        right = _truth(key, choices)
    if right is None:
        message = (
            f"The answer {key[:60]!r} is none of the options. Name the right answer among the options too, or map its "
            "column to an option, such as option_a, as well; an option column may be called wrong answer."
        )
        raise FieldError(ProblemCode.KEY_NOT_OPTION, message, Column.ANSWER)
    return right


def common_fields(cells: Mapping[Column, str]) -> dict[str, object]:
    fields: dict[str, object] = {"stem": html_of(cells.get(Column.QUESTION, ""))}
    texts = {"title": Column.TITLE, "external_id": Column.ID, "language": Column.LANGUAGE}
    fields |= {name: cells[column] for name, column in texts.items() if cells.get(column)}
    if cells.get(Column.EXPLANATION):
        fields["explanation"] = html_of(cells[Column.EXPLANATION])
    if cells.get(Column.POINTS):
        fields["points"] = _number(cells, Column.POINTS)
    if cells.get(Column.DIFFICULTY):
        fields["difficulty"] = _difficulty(cells)
    lists = (Column.TAGS, Column.SKILLS)
    fields |= {column.value: split_list(cells[column], weak=",") for column in lists if cells.get(column)}
    if cells.get(Column.CATEGORY):
        fields["category"] = split_path(cells[Column.CATEGORY])
    if cells.get(Column.SHUFFLE):
        fields["shuffle"] = cells[Column.SHUFFLE].casefold() not in _FALSE_WORDS
    return fields


def _difficulty(cells: Mapping[Column, str]) -> float:
    cell = cells[Column.DIFFICULTY]
    if (word := DIFFICULTY_OF_WORD.get(words_of(cell))) is not None:
        return word
    if not number_readings(cell):
        raise FieldError(
            ProblemCode.NUMBER, f"{cell[:60]!r} is no difficulty: write {_DIFFICULTIES}.", Column.DIFFICULTY
        )
    return _number(cells, Column.DIFFICULTY)


def _number(cells: Mapping[Column, str], column: Column) -> float:
    try:
        return number_of(cells[column])
    except NumberError as error:
        raise FieldError(ProblemCode.NUMBER, str(error), column) from error


def declared_type(cell: str) -> QuestionType | None:
    if not cell:
        return None
    if (kind := _TYPE_OF_WORD.get(words_of(cell))) is None:
        known = ", ".join(each.value for each in _TYPE_WORDS)
        message = f"A table cannot hold the type {cell[:60]!r}. It can hold {known}."
        raise FieldError(ProblemCode.UNSUPPORTED_TYPE, message, Column.TYPE)
    return kind


def guessed_type(cells: Mapping[Column, str], choices: Sequence[Choice]) -> QuestionType:
    answer = cells.get(Column.ANSWER, "")
    if choices:
        return QuestionType.SINGLE_CHOICE
    if answer.casefold() in _TRUTH_WORDS:
        return QuestionType.TRUE_FALSE
    return QuestionType.NUMERICAL if _PLAIN_NUMBER.fullmatch(answer) else QuestionType.SHORT_ANSWER


def _truth(key: str, choices: Sequence[Choice]) -> frozenset[int] | None:
    wanted = _DECLARED_TRUTH_WORDS.get(words_of(key))
    truths = [_DECLARED_TRUTH_WORDS.get(words_of(choice.text)) for choice in choices]
    return frozenset({truths.index(wanted)}) if wanted is not None and truths.count(wanted) == 1 else None


def answer_fields(kind: QuestionType, cells: Mapping[Column, str]) -> dict[str, object]:
    cell = cells.get(Column.ANSWER, "")
    if kind in {QuestionType.ESSAY, QuestionType.DESCRIPTION}:
        # What a teacher writes as the answer of an essay is shown afterwards; nothing is graded by it.
        return _joined_explanation(cells) if cell else {}
    if not cell and Column.ANSWER in cells:
        raise FieldError(ProblemCode.NO_CORRECT, "The answer is missing.", Column.ANSWER)
    if kind is QuestionType.FLASHCARD:
        return _joined_explanation(cells)
    if kind is QuestionType.NUMERICAL:
        return {"numeric": numeric_of(split_list(cell), cells.get(Column.TOLERANCE, ""))}
    return {"answers": tuple(Answer(value=text) for text in split_list(cell))}


def _joined_explanation(cells: Mapping[Column, str]) -> dict[str, object]:
    texts = [cells.get(column, "") for column in (Column.ANSWER, Column.EXPLANATION)]
    return {"explanation": "<br>".join(html_of(text) for text in texts if text)}


def numeric_of(texts: Iterable[str], tolerance: str) -> Numeric:
    """Accepted numbers; a number without a tolerance of its own has the given one.

    Raises:
        FieldError: When a text is no number.
    """
    try:
        return Numeric(answers=tuple(numeric_answer(text, tolerance) for text in texts))
    except NumberError as error:
        raise FieldError(ProblemCode.NUMBER, str(error), Column.ANSWER) from error
