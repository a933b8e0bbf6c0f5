"""Text of a document as lines with their look and place: extraction gives them, grammars and indexes read them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

PICTURE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in the text of a line where a picture is."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom as fractions of the page's width and height, from its left upper corner."""


class Style(StrEnum):
    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    HIGHLIGHT = "highlight"
    COLOUR = "colour"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line, from `start` to before `end`, that has a style."""

    start: int
    end: int
    style: Style


class TextOrigin(StrEnum):
    TEXT = "text"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class TextLine:
    r"""One line in reading order.

    A tab stands for a gap too wide to be between two words. ``space_above`` is the empty height above in lines,
    ``indent`` the distance from the left edge of the column in letters, ``size`` the height of the letters in that
    of most text of the document, ``confidence`` from 0 to 1. A paragraph is whole: the next line does not go on with
    it. ``number`` counts lines, or paragraphs where there are no pages.
    """

    text: str
    number: int = 0
    page: int | None = None
    box: Box | None = None
    spans: tuple[Span, ...] = ()
    pictures: tuple[str, ...] = ()
    space_above: float = 0.0
    size: float = 1.0
    indent: float = 0.0
    is_heading: bool = False
    is_paragraph: bool = False
    confidence: float = 1.0
    origin: TextOrigin = TextOrigin.TEXT


@dataclass(frozen=True, slots=True)
class TextTable:
    """Rows of cells, each of which holds lines. A cell that spans several places stands in the first of them."""

    rows: tuple[tuple[tuple[TextLine, ...], ...], ...]
    number: int = 0
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that lines name; it comes before the first of them."""

    name: str
    size: int
    read: Callable[[], bytes]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class PageFault:
    """A page that gave no text although it shows something."""

    page: int
    message: str


@dataclass(frozen=True, slots=True)
class PageRead:
    """Page `number` of `total` is behind the reader; its lines come when all are."""

    number: int
    total: int


DocumentPart = TextLine | TextTable | PictureFile | PageFault | PageRead


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    pages: int = 500
    pixels: int = 50_000_000


class DocumentFault(StrEnum):
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"


class DocumentError(Exception):
    """The document cannot be read, or not any further; the message tells its owner why."""

    def __init__(self, fault: DocumentFault, message: str, page: int | None = None) -> None:
        super().__init__(message)
        self.fault = fault
        self.page = page
