"""Objects of foreign JSON question lists: question, options and answer under their usual names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from app.domain.enums import QuestionType
from app.domain.numbers import number_readings
from app.domain.question_draft import Answer, Location, Passage, QuestionDraft
from app.formats.answer_keys import Choice, KeyStyle, key_style
from app.formats.columns import Column, field_name, words_of
from app.formats.drafts import build_draft, local_id
from app.formats.reading import Problem, problem
from app.formats.simple_questions import (
    CHOICE_TYPES,
    DIFFICULTY_OF_WORD,
    TRUE_FALSE_CHOICES,
    FieldError,
    choice_fields,
    common_fields,
    declared_type,
    numeric_of,
    right_options,
)
from app.utils.html import html_of

Item = Mapping[str, JsonValue]

_OWN_NAMES = {"label": "answer", "gold": "answer", "target": "answer", "questionconcept": "category"}
_PASSAGE_NAMES = frozenset({"passage", "context", "article", "paragraph"})
_WRONG_NAMES = frozenset({"incorrectanswers", "wronganswers", "distractors"})
_LIST_NAMES = frozenset({"tags", "skills", "category"})
_TEXT_NAMES = ("text", "html", "value", "content", "option", "answer", "label")
_LABEL_NAMES = ("label", "key", "letter", "id")
_RIGHT_NAMES = ("correct", "iscorrect", "isanswer", "right")
_TRUE_VALUES = (True, "true", "True")
_GLUED_LETTER = re.compile(r"\s*\(?([A-Za-z])[).:]\s*(?=\S)")


@dataclass(slots=True)
class PlainItem:
    """An object with its members sorted by what they mean; ``rest`` has no meaning here and is kept as it is."""

    cells: dict[Column, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    right: set[int] = field(default_factory=set)
    answers: list[JsonValue] = field(default_factory=list)
    passage: str = ""
    rest: dict[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeyStyles:
    """How the keys of a file name options: those written as text, and those written as JSON integers."""

    texts: KeyStyle
    integers: KeyStyle


def plain_item(item: Item) -> PlainItem:
    plain = PlainItem()
    for name, value in item.items():
        if value is not None and not _take_member(plain, name, value):
            plain.rest[name] = value
    _remove_glued_letters(plain)
    return plain


def _take_member(plain: PlainItem, name: str, value: JsonValue) -> bool:
    word = words_of(name)
    meaning = _OWN_NAMES.get(word) or field_name(name)
    if meaning == Column.ANSWER and not plain.answers:
        plain.answers = value if isinstance(value, list) else [value] if value != "" else []
    elif meaning == Column.OPTIONS and not plain.choices:
        return _take_options(plain, value)
    elif word in _WRONG_NAMES and isinstance(value, list):
        texts = [text_of_value(answer) for answer in [*plain.answers, *value]]
        plain.choices = [_choice(text, index) for index, text in enumerate(texts)]
    elif meaning is not None and meaning.startswith("option_"):
        plain.choices.append(_choice(text_of_value(value), len(plain.choices), name, letter=meaning[-1]))
    elif word in _PASSAGE_NAMES and isinstance(value, str):
        plain.passage = value
    elif meaning == Column.QUESTION and isinstance(value, dict):
        plain.rest |= {key: part for key, part in value.items() if not _take_member(plain, key, part)}
    elif meaning in _LIST_NAMES and isinstance(value, list):
        plain.lists[meaning] = tuple(text_of_value(part) for part in value)
    else:
        return meaning is not None and _take_cell(plain, Column(meaning), value)
    return True


def _take_cell(plain: PlainItem, column: Column, value: JsonValue) -> bool:
    text = text_of_value(value).strip()
    is_word = column is Column.DIFFICULTY and words_of(text) in DIFFICULTY_OF_WORD
    is_misnomer = column in {Column.DIFFICULTY, Column.POINTS} and not is_word and len(number_readings(text)) != 1
    if column in plain.cells or is_misnomer or isinstance(value, list | dict):
        return False
    plain.cells[column] = text
    return True


def _take_options(plain: PlainItem, value: JsonValue) -> bool:
    if isinstance(value, dict):
        pairs = value.items()
        plain.choices = [_choice(text_of_value(text), index, name) for index, (name, text) in enumerate(pairs)]
    elif isinstance(value, list):
        for index, option in enumerate(value):
            if isinstance(option, dict):
                _take_option_object(plain, index, {words_of(name): part for name, part in option.items()})
            else:
                plain.choices.append(_choice(text_of_value(option), index))
    return bool(plain.choices)


def _take_option_object(plain: PlainItem, index: int, option: Item) -> None:
    text = next((option[name] for name in _TEXT_NAMES if option.get(name) is not None), "")
    label = next((text_of_value(option[name]) for name in _LABEL_NAMES if option.get(name) is not None), "")
    plain.choices.append(_choice(text_of_value(text), index, label))
    if any(option.get(name) in _TRUE_VALUES for name in _RIGHT_NAMES):
        plain.right.add(index)


def _choice(text: str, index: int, label: str = "", *, letter: str = "") -> Choice:
    word = words_of(label)
    letter = letter or (word if len(word) == 1 and word.isalpha() else local_id(index))
    return Choice(text.strip(), letter, index + 1, word)


def text_of_value(value: JsonValue) -> str:
    """A scalar as people write it; nothing for a list or an object."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
    return ""


def _remove_glued_letters(plain: PlainItem) -> None:
    """``(A)`` at the start of every option is its name, when the names come in order."""
    glued = [_GLUED_LETTER.match(choice.text) for choice in plain.choices]
    if not plain.choices or not all(match and match[1].lower() == local_id(index) for index, match in enumerate(glued)):
        return
    plain.choices = [
        replace(choice, text=choice.text[match.end() :].strip())
        for choice, match in zip(plain.choices, glued, strict=True)
        if match
    ]


def key_styles(items: Iterable[PlainItem]) -> KeyStyles:
    """Integers count from 0, unless none is 0 and one equals the number of options."""
    rows = [(answer, item.choices) for item in items for answer in item.answers if item.choices]
    integers = [(answer, len(choices)) for answer, choices in rows if type(answer) is int]
    from_one = any(answer == count for answer, count in integers) and not any(answer == 0 for answer, _ in integers)
    texts = key_style((answer, choices) for answer, choices in rows if isinstance(answer, str))
    return KeyStyles(texts, KeyStyle.NUMBER if from_one else KeyStyle.NUMBER_FROM_ZERO)


def draft_of(plain: PlainItem, styles: KeyStyles, location: Location) -> QuestionDraft | Problem:
    try:
        fields = common_fields(plain.cells) | plain.lists | _fields_of_type(plain, styles)
    except FieldError as error:
        text = plain.cells.get(Column.QUESTION, "")
        return problem(error.code, str(error), location, column=error.column, text=text)
    if plain.passage.strip():
        fields["passage"] = Passage(html=html_of(plain.passage.strip()))
    if plain.rest:
        fields["extensions"] = {"members": plain.rest}
    return build_draft(fields, location)


def _fields_of_type(plain: PlainItem, styles: KeyStyles) -> dict[str, object]:
    kind = declared_type(plain.cells.get(Column.TYPE, "")) or _guessed_type(plain)
    if kind in CHOICE_TYPES:
        choices = plain.choices or (TRUE_FALSE_CHOICES if kind is QuestionType.TRUE_FALSE else ())
        right = plain.right.copy()
        for answer in plain.answers:
            style = styles.integers if type(answer) is int else styles.texts
            right |= right_options(kind, text_of_value(answer), choices, style)
        return choice_fields(kind, choices, right)
    return {"type": kind} | _answer_fields(kind, plain)


def _guessed_type(plain: PlainItem) -> QuestionType:
    if plain.choices:
        return QuestionType.SINGLE_CHOICE
    if [type(answer) for answer in plain.answers] == [bool]:
        return QuestionType.TRUE_FALSE
    is_numeric = plain.answers and all(type(answer) in {int, float} for answer in plain.answers)
    return QuestionType.NUMERICAL if is_numeric else QuestionType.SHORT_ANSWER


def _answer_fields(kind: QuestionType, plain: PlainItem) -> dict[str, object]:
    texts = [text for answer in plain.answers if (text := text_of_value(answer).strip())]
    if kind in {QuestionType.FLASHCARD, QuestionType.ESSAY, QuestionType.DESCRIPTION}:
        backs = [*texts, *filter(None, [plain.cells.get(Column.EXPLANATION)])]
        return {"explanation": "<br>".join(html_of(text) for text in backs)}
    if kind is QuestionType.NUMERICAL:
        return {"numeric": numeric_of(texts, plain.cells.get(Column.TOLERANCE, ""))}
    return {"answers": tuple(Answer(value=text) for text in texts)}
