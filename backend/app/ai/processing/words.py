"""The smallest pieces of a page: words with their place and look, from a text layer or from character recognition."""

from dataclasses import dataclass

from app.domain.document_text import Style

NO_STYLES: frozenset[Style] = frozenset()

# What the fonts Symbol and Wingdings show for codes that mean nothing by themselves.
_SYMBOLS = {
    0xF0B7: "•", 0xF0A7: "•", 0xF076: "•", 0xF0D8: "•", 0xF06F: "□", 0xF071: "□", 0xF0A8: "□", 0xF0A1: "○",
    0xF0FC: "✓", 0xF0FE: "☑", 0xF052: "☑", 0xF0FD: "☒", 0xF0FB: "✗", 0xF0E0: "→", 0xF0B4: "×", 0xF0B0: "°",
}  # fmt: skip
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_READABLE = _SYMBOLS | _LIGATURES
_PRIVATE_USE = range(0xE000, 0xF900)
_UNKNOWN = 0xFFFD


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a part of one with a look of its own, in units of the page from its left upper corner.

    ``size`` is that of the letters; recognised text has only the height of its line. A word may be a picture, whose
    text is then `PICTURE` and whose height that of a line in the middle of it.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    baseline: float
    styles: frozenset[Style] = NO_STYLES
    confidence: float = 1.0
    has_space_before: bool = True
    picture: str = ""

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def readable(code: int) -> str:
    """The character or characters that a code shows in the fonts that documents use."""
    return _READABLE.get(code) or chr(code)


def is_unreadable(code: int) -> bool:
    """Whether a code says nothing about what is seen, as in fonts without a table of characters."""
    return code == _UNKNOWN or (code in _PRIVATE_USE and code not in _READABLE)
