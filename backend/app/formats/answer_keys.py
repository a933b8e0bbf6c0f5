"""Reading the key cell of a table: letters, numbers, column names or the text of the option, one or several."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.formats.columns import words_of

_LONGEST_LIST = 4_000  # the pattern below is quadratic on white space
_SEPARATOR = re.compile(r"\s*(?:[;,|/&\n]|\band\b)\s*")
_DECORATION = re.compile(r"^[\s(\[]*([A-Za-z]|\d{1,2})[\s.):\]]*$")


class KeyStyle(StrEnum):
    """How the keys of a table name options. One style holds for a whole table, or "2" would be anybody's guess."""

    LETTER = "letter"
    TEXT = "text"
    NUMBER = "number"
    NUMBER_FROM_ZERO = "number_from_zero"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of one row with every name a key may give it."""

    text: str
    letter: str
    number: int
    header: str = ""


def key_style(rows: Iterable[tuple[str, Sequence[Choice]]]) -> KeyStyle:
    """The style that explains most keys; of equals the one that stands first in `KeyStyle`."""
    explained: Counter[KeyStyle] = Counter()
    counts_from_zero = False
    for key, choices in rows:
        counts_from_zero = counts_from_zero or key.strip() == "0"
        explained.update(style for style in KeyStyle if right_choices(key, choices, style) is not None)
    best = max(KeyStyle, key=lambda style: explained[style])
    if best is KeyStyle.NUMBER and counts_from_zero:
        return KeyStyle.NUMBER_FROM_ZERO
    return best


def right_choices(key: str, choices: Sequence[Choice], style: KeyStyle) -> frozenset[int] | None:
    """Indexes of the choices that the key names in this style, or None when it names anything else."""
    names = _names(choices, style)
    if (whole := names.get(_token(key, style))) is not None:
        return frozenset({whole})
    if len(key) > _LONGEST_LIST:
        return None
    parts = [names.get(_token(part, style)) for part in _SEPARATOR.split(key) if part.strip()]
    if style is KeyStyle.LETTER and len(parts) == 1 and key.strip().isupper():
        parts = [names.get(letter) for letter in key.strip().casefold()]
    found = frozenset(part for part in parts if part is not None)
    return found if parts and len(found) == len(parts) else None


def named_choices(key: str, choices: Sequence[Choice], style: KeyStyle) -> frozenset[int] | None:
    """As `right_choices`, but a key that the table's style does not explain may still be a text or a column name.

    Numbers are no such second reading: a number that is no option of its row is a mistake, not a position.
    """
    for each in dict.fromkeys((style, KeyStyle.TEXT, KeyStyle.HEADER, KeyStyle.LETTER)):
        if (found := right_choices(key, choices, each)) is not None:
            return found
    return None


def same_text(one: str, other: str) -> bool:
    return _token(one, KeyStyle.TEXT) == _token(other, KeyStyle.TEXT)


def _names(choices: Sequence[Choice], style: KeyStyle) -> dict[str, int]:
    match style:
        case KeyStyle.LETTER:
            return {choice.letter: index for index, choice in enumerate(choices)}
        case KeyStyle.NUMBER:
            return {str(choice.number): index for index, choice in enumerate(choices)}
        case KeyStyle.NUMBER_FROM_ZERO:
            return {str(choice.number - 1): index for index, choice in enumerate(choices)}
        case KeyStyle.HEADER:
            return {choice.header: index for index, choice in enumerate(choices) if choice.header}
        case KeyStyle.TEXT:
            texts = [_token(choice.text, style) for choice in choices]
            times = Counter(texts)
            return {text: index for index, text in enumerate(texts) if times[text] == 1}


def _token(part: str, style: KeyStyle) -> str:
    match style:
        case KeyStyle.TEXT:
            return " ".join(part.split()).casefold()
        case KeyStyle.HEADER:
            return words_of(part)
        case _:
            bare = _DECORATION.match(part)
            token = (bare[1] if bare else part.strip()).casefold()
            return str(int(token)) if token.isdecimal() and token.isascii() else token
