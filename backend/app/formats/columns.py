"""Which column of a table holds what: our template's names, the usual other names, or a mapping by the user."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from string import ascii_lowercase


class Column(StrEnum):
    """Fields of a table. Options have columns ``option_a`` to ``option_z``, or one column ``options``."""

    ID = "id"
    TYPE = "type"
    TITLE = "title"
    QUESTION = "question"
    ANSWER = "answer"
    TOLERANCE = "tolerance"
    EXPLANATION = "explanation"
    DIFFICULTY = "difficulty"
    POINTS = "points"
    TAGS = "tags"
    SKILLS = "skills"
    CATEGORY = "category"
    LANGUAGE = "language"
    SHUFFLE = "shuffle"
    OPTIONS = "options"


# Of our own tables, before the options, which stand last because their number varies.
TEMPLATE_FIELDS = (
    Column.ID, Column.TYPE, Column.TITLE, Column.CATEGORY, Column.TAGS, Column.SKILLS, Column.POINTS, Column.DIFFICULTY,
    Column.LANGUAGE, Column.SHUFFLE, Column.EXPLANATION, Column.QUESTION, Column.ANSWER, Column.TOLERANCE,
)  # fmt: skip

_SYNONYMS = {
    Column.ID: "id externalid questionid identifier uid number no nr",
    Column.TYPE: "type questiontype qtype kind format",
    Column.TITLE: "title name questiontitle questionname heading",
    Column.QUESTION: "question questiontext text stem prompt item questionstem problem",
    Column.ANSWER: (
        "answer answers key answerkey correct correctanswer correctanswers correctoption correctoptions correctchoice "
        "rightanswer solutionkey answerletter"
    ),
    Column.TOLERANCE: "tolerance error margin accuracy",
    Column.EXPLANATION: "explanation rationale generalfeedback feedback comment solution justification reason",
    Column.DIFFICULTY: "difficulty difficultyestimate",
    Column.POINTS: "points point mark marks score maxscore weight grade",
    Column.TAGS: "tags tag keywords labels",
    Column.SKILLS: "skills skill competency competencies objective objectives outcome outcomes",
    Column.CATEGORY: "category topic chapter section unit subject path",
    Column.LANGUAGE: "language lang locale",
    Column.SHUFFLE: "shuffle shuffleanswers randomize",
    Column.OPTIONS: "options choices alternatives answeroptions",
}
_COLUMN_OF_WORD = {word: column for column, words in _SYNONYMS.items() for word in words.split()}
_OPTION_HEADER = re.compile(r"(?:option|choice|answer|alternative|opt|ans|response)?(?:([a-z])|(?<=[a-z])([1-9]\d?))")


_OPTION_S = re.compile(r"(?:option|choice|answer|alternative)[\W_]+s")  # the nineteenth, not the plural

_WRONG = re.compile(
    r"(?:distractor|distraktor|(?:wrong|incorrect)(?:answer|option|choice)?|falscheantwort)(en|s)?([a-z]|[1-9]\d?)?"
)


@dataclass(frozen=True, slots=True)
class OptionColumn:
    """``letter`` and ``number`` are what a key may call the option; ``header`` is what the column is called."""

    index: int
    letter: str
    number: int
    header: str


@dataclass(frozen=True, slots=True)
class Layout:
    positions: Mapping[Column, int] = field(default_factory=dict)
    options: tuple[OptionColumn, ...] = ()
    others: Mapping[int, str] = field(default_factory=dict)
    are_wrong: bool = False
    """The options are called wrong answers, so that the right one need not be among them."""

    @property
    def is_usable(self) -> bool:
        """A question and something to answer it with; one column alone may be any list."""
        has_more = Column.ANSWER in self.positions or Column.OPTIONS in self.positions or len(self.options) > 1
        return Column.QUESTION in self.positions and has_more


def words_of(header: str) -> str:
    """A header without case, spaces and punctuation: ``Option A:`` and ``option_a`` are the same."""
    return re.sub(r"[\W_]+", "", header).casefold()


def layout_of_header(headers: Sequence[str], mapping: Mapping[str, str | int]) -> Layout:
    """What the columns hold. The first of two columns with the same meaning counts, the other is kept as it is.

    With a mapping only the mapped columns are read.
    """
    if mapping:
        return _layout_of_places(_mapped_places(headers, mapping), headers)
    places: dict[str, int] = {}
    for index, header in enumerate(headers):
        if (name := field_name(header) or _wrong_name(header)) is not None:
            places.setdefault(name, index)
    return _layout_of_places(_without_lone_letters(places, headers), headers)


def field_name(header: str) -> str | None:
    """Name of the field that a header means, ``option_c`` for the third option; None for any other header."""
    if _OPTION_S.fullmatch(header.strip().casefold()):
        return "option_s"
    word = words_of(header)
    if (column := _COLUMN_OF_WORD.get(word)) is not None:
        return column.value
    if (option := _OPTION_HEADER.fullmatch(word)) is None:
        return None
    return _lettered("option", option[1] or option[2])


def _wrong_name(header: str) -> str | None:
    """``wrong_a`` for the first wrong answer, ``wrong`` for a list of them; None for a header that names none."""
    wrong = _WRONG.fullmatch(words_of(header))
    if wrong is None:
        return None
    if wrong[2]:
        return _lettered("wrong", wrong[2])
    return "wrong" if wrong[1] else None


def _lettered(name: str, letter_or_number: str) -> str | None:
    if not letter_or_number.isdecimal():
        return f"{name}_{letter_or_number}"
    position = int(letter_or_number) - 1
    return f"{name}_{ascii_lowercase[position]}" if position < len(ascii_lowercase) else None


def _without_lone_letters(places: dict[str, int], headers: Sequence[str]) -> dict[str, int]:
    """A column called just ``c`` is an option only beside ``a`` and ``b``."""
    words = {words_of(header) for header in headers}
    if {"a", "b"} <= words:
        return places
    return {name: index for name, index in places.items() if len(words_of(headers[index])) > 1}


def _mapped_places(headers: Sequence[str], mapping: Mapping[str, str | int]) -> dict[str, int]:
    by_word = {words_of(header): index for index, header in reversed([*enumerate(headers)])}
    places = {}
    for name, target in mapping.items():
        index = target if isinstance(target, int) else by_word.get(words_of(target))
        if index is not None:
            places[field_name(name) or _wrong_name(name) or name] = index
    return places


def _layout_of_places(places: Mapping[str, int], headers: Sequence[str]) -> Layout:
    positions = {column: places[column.value] for column in Column if column.value in places}
    if "wrong" in places:
        positions.setdefault(Column.OPTIONS, places["wrong"])
    used = set(places.values())
    others = {index: header for index, header in enumerate(headers) if index not in used and header.strip()}
    return Layout(positions, _option_columns(places, headers), others, _are_wrong(places, headers))


def _option_columns(places: Mapping[str, int], headers: Sequence[str]) -> tuple[OptionColumn, ...]:
    """Options have the letter of their name; wrong answers follow them."""
    letters = {name: ascii_lowercase.index(name[-1]) for name in sorted(places) if name.startswith("option_")}
    first = max(letters.values(), default=-1) + 1
    wrong = sorted(name for name in places if name.startswith("wrong_"))
    letters |= {name: first + number for number, name in enumerate(wrong[: len(ascii_lowercase) - first])}
    options = []
    for name, position in letters.items():
        header = words_of(headers[places[name]]) if places[name] < len(headers) else ""
        options.append(OptionColumn(places[name], ascii_lowercase[position], position + 1, header))
    return tuple(options)


def _are_wrong(places: Mapping[str, int], headers: Sequence[str]) -> bool:
    names = [name for name in places if name.partition("_")[0] in {"option", "options", "wrong"}]
    return bool(names) and all(
        name.startswith("wrong") or (places[name] < len(headers) and _wrong_name(headers[places[name]]) is not None)
        for name in names
    )
