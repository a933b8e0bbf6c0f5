"""Words as they are compared: small letters without accents, in any script."""

import re
import unicodedata
from typing import Final

_LETTERS: Final = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n"}
)
# Vowel signs of Indic and Southeast Asian scripts are marks, no letters, and yet parts of words.
WORD: Final = re.compile(r"(?:[^\W_]|[\u0900-\u0fff\u1000-\u109f\u1780-\u17d3])+(?:['’][^\W_]+)*")
_FIRST_ACCENT: Final = "\u0300"
_LAST_ACCENT: Final = "\u036f"


def fold(text: str) -> str:
    """Case, accents and compatibility forms taken away: ``Größe`` and ``GROSSE`` are ``grosse``.

    Marks that make another letter, as in Indic and Japanese scripts, are kept.
    """
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", "".join(char for char in lowered if not _FIRST_ACCENT <= char <= _LAST_ACCENT))


def words_of(text: str) -> list[str]:
    """The folded words in reading order; an apostrophe inside a word does not end it."""
    return [word.replace("’", "'") for word in WORD.findall(fold(text))]


def letters_of(word: str) -> int:
    """A bit for each letter or digit that occurs, 62 of them; the others share bits."""
    bits = 0
    for char in word:
        bits |= 1 << (ord(char) % 62)
    return bits
