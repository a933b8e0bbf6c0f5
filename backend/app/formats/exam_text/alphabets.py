"""Letters and Roman numbers that count options and questions."""

import re

_ALPHABETS = {
    "": "abcdefghijklmnopqrstuvwxyz",
    "в": "абвгдежз",
    "α": "αβγδεζ",
    "أ": "أبجدهو",
    "甲": "甲乙丙丁戊",
    "가": "가나다라마",
    "ア": "アイウエオ",
}
"""By a mark of their own, so that the options of one question are all of one alphabet."""

_PLACES = {letter: (mark, index) for mark, letters in _ALPHABETS.items() for index, letter in enumerate(letters)}
_PLACES["ا"] = _PLACES["أ"]
ANY_LETTER = "A-Za-z" + "".join(
    sorted({form for letter in _PLACES if not letter.isascii() for form in (letter, letter.upper())})
)
"""For a class of characters in a pattern."""

_LATIN = {
    form: (latin.upper() if form.isupper() else latin)
    for mark, letters in _ALPHABETS.items()
    if mark
    for letter, latin in zip(letters, _ALPHABETS[""], strict=False)
    for form in (letter, letter.upper())
}
LATIN_KEYS = str.maketrans(_LATIN | {"ا": "a"})
"""Letters of options by their place in the alphabet, not by their sound."""

_ROMAN = re.compile(r"(?P<tens>X{0,3})(?:(?P<nine>IX)|(?P<four>IV)|(?P<five>V?)(?P<ones>I{0,3}))", re.IGNORECASE)


def place_of(letter: str) -> tuple[str, int]:
    """The mark of a letter's alphabet, and its place there from 0."""
    return _PLACES[letter.lower()]


def roman_number(text: str) -> int:
    """The number, up to 39; 0 for what is no Roman number."""
    found = _ROMAN.fullmatch(text)
    if found is None:
        return 0
    rest = 9 if found["nine"] else 4 if found["four"] else 5 * len(found["five"]) + len(found["ones"])
    return 10 * len(found["tens"]) + rest
