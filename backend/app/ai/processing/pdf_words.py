"""Words of a PDF page from its text layer, upright whichever way the page or its text is turned."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it has no type information
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it has no type information

from app.ai.processing.page_geometry import screen_matrix, shown_box, turned
from app.ai.processing.words import NO_STYLES, Word, is_unreadable, readable
from app.domain.document_text import Style

_SPACES = frozenset({0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x3000, *range(0x2000, 0x200C)})
_LINE_END_HYPHENS = frozenset({0x02, 0xFFFE})  # how pdfium marks a hyphen at which a word was broken
_FIRST_PRINTABLE = 0x20
_ITALIC_FLAG = 1 << 6
_FORCE_BOLD_FLAG = 1 << 18
_BOLD_WEIGHT = 600
_BOLD_NAMES = ("bold", "black", "heavy", "demi", "cmbx", "sfbx", "-bd")
_ITALIC_NAMES = ("italic", "oblique", "cmti")
_DARK = 100
_GREY_SPREAD = 40
_WORD_GAP = 0.3
_LINE_SHIFT = 0.1
_SAMPLED_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class PageWords:
    """`unreadable` counts words whose characters the document does not tell. The page is upright in `width`, `height`.

    ``turns`` counts the quarter turns counter-clockwise that brought it upright from how it is shown.
    """

    words: tuple[Word, ...]
    unreadable: int
    width: float
    height: float
    turns: int


@dataclass(slots=True)
class _Glyph:
    index: int
    code: int
    left: float
    top: float
    right: float
    bottom: float
    baseline: float


@dataclass(frozen=True, slots=True)
class _Look:
    """``turns`` counts quarter turns clockwise as the text is seen on the page."""

    size: float
    turns: int
    styles: frozenset[Style]


@dataclass(slots=True)
class _Run:
    """Glyphs side by side that make a word or a part of one."""

    glyphs: list[_Glyph] = field(default_factory=list)
    has_space_before: bool = True


def page_words(page: pdfium.PdfPage) -> PageWords:
    """Not safe for threads, as nothing of pdfium is."""
    text_page = page.get_textpage()
    try:
        return _TextLayer(page, text_page).read()
    finally:
        text_page.close()


class _TextLayer:
    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> None:
        self._raw = text_page.raw
        self._count = text_page.count_chars()
        self._size = page.get_size()
        self._to_screen = screen_matrix(page)
        self._font_name = ctypes.create_string_buffer(256)
        self._looks: dict[int, _Look] = {}

    def read(self) -> PageWords:
        words: list[Word] = []
        unreadable = 0
        for run in self._runs():
            if self._look(run.glyphs[0].index).turns != self._turns:
                continue
            unreadable += is_unreadable(run.glyphs[0].code)
            words += self._words(run)
        width, height = self._size if self._turns % 2 == 0 else self._size[::-1]
        return PageWords(tuple(words), unreadable, width, height, self._turns)

    @cached_property
    def _turns(self) -> int:
        """Quarter turns clockwise of most of the text as it is seen on the page."""
        step = max(1, self._count // _SAMPLED_CHARACTERS)
        counts = Counter(self._turn(index) for index in range(0, self._count, step))
        return counts.most_common(1)[0][0] if counts else 0

    def _turn(self, index: int) -> int:
        matrix = self._matrix(index)
        a, b, c, d, *_ = self._to_screen
        across, down = a * matrix.a + c * matrix.b, b * matrix.a + d * matrix.b
        if abs(across) >= abs(down):
            return 0 if across >= 0 else 2
        return 1 if down > 0 else 3

    def _look(self, index: int) -> _Look:
        """Looks are remembered by text object, which mostly is a whole line."""
        text_object = pdfium_c.FPDFText_GetTextObject(self._raw, index)
        key = ctypes.addressof(text_object.contents) if text_object else 0
        if (look := self._looks.get(key)) is None:
            look = self._looks[key] = _Look(self._letter_size(index), self._turn(index), self._styles(index))
        return look

    def _matrix(self, index: int) -> pdfium_c.FS_MATRIX:
        matrix = pdfium_c.FS_MATRIX(1, 0, 0, 1, 0, 0)
        pdfium_c.FPDFText_GetMatrix(self._raw, index, matrix)
        return matrix

    def _letter_size(self, index: int) -> float:
        matrix = self._matrix(index)
        return float(pdfium_c.FPDFText_GetFontSize(self._raw, index)) * math.hypot(matrix.c, matrix.d)

    def _runs(self) -> Iterator[_Run]:
        run = _Run()
        is_after_space = True
        for glyph in self._glyphs():
            if glyph is None:
                is_after_space = True
                continue
            if run.glyphs and (is_after_space or _breaks(run.glyphs[-1], glyph)):
                yield run
                run = _Run(has_space_before=is_after_space or _is_apart(run.glyphs[-1], glyph))
            run.glyphs.append(glyph)
            is_after_space = False
        if run.glyphs:
            yield run

    def _glyphs(self) -> Iterator[_Glyph | None]:
        """Visible characters in the order of the file; None stands for white space."""
        raw, rectangle = self._raw, pdfium_c.FS_RECTF()
        matrix = turned(self._to_screen, self._turns, self._size)
        _, across_down, _, up_down, _, offset_down = matrix
        x, y = ctypes.c_double(), ctypes.c_double()
        for index in range(self._count):
            code = pdfium_c.FPDFText_GetUnicode(raw, index)
            if code in _SPACES:
                yield None
                continue
            if code in _LINE_END_HYPHENS:
                code = ord("-")
            if code < _FIRST_PRINTABLE or not pdfium_c.FPDFText_GetLooseCharBox(raw, index, rectangle):
                continue
            pdfium_c.FPDFText_GetCharOrigin(raw, index, x, y)
            box = shown_box(matrix, rectangle.left, rectangle.top, rectangle.right, rectangle.bottom)
            yield _Glyph(index, code, *box, across_down * x.value + up_down * y.value + offset_down)

    def _words(self, run: _Run) -> Iterator[Word]:
        """One word, or two or more where the look changes inside."""
        glyphs, has_space_before = run.glyphs, run.has_space_before
        looks = [self._look(glyphs[0].index), self._look(glyphs[-1].index)]
        if looks[0] == looks[-1]:
            yield _word(glyphs, looks[0], has_space_before=has_space_before)
            return
        looks = [self._look(glyph.index) for glyph in glyphs]
        begin = 0
        for end in range(1, len(glyphs) + 1):
            if end == len(glyphs) or looks[end] != looks[begin]:
                yield _word(glyphs[begin:end], looks[begin], has_space_before=has_space_before and not begin)
                begin = end

    def _styles(self, index: int) -> frozenset[Style]:
        flags = ctypes.c_int()
        buffer = self._font_name
        length = pdfium_c.FPDFText_GetFontInfo(self._raw, index, buffer, len(buffer), flags)
        name = buffer.value.decode("utf-8", "replace").lower() if 0 < length <= len(buffer) else ""
        styles = set()
        is_heavy = pdfium_c.FPDFText_GetFontWeight(self._raw, index) >= _BOLD_WEIGHT
        if is_heavy or flags.value & _FORCE_BOLD_FLAG or any(part in name for part in _BOLD_NAMES):
            styles.add(Style.BOLD)
        if flags.value & _ITALIC_FLAG or any(part in name for part in _ITALIC_NAMES):
            styles.add(Style.ITALIC)
        if self._is_coloured(index):
            styles.add(Style.COLOUR)
        return frozenset(styles) if styles else NO_STYLES

    def _is_coloured(self, index: int) -> bool:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if not pdfium_c.FPDFText_GetFillColor(self._raw, index, red, green, blue, alpha):
            return False
        channels = (red.value, green.value, blue.value)
        return max(channels) >= _DARK and max(channels) - min(channels) > _GREY_SPREAD


def _breaks(last: _Glyph, glyph: _Glyph) -> bool:
    return abs(glyph.baseline - last.baseline) > _LINE_SHIFT * (last.bottom - last.top) or _is_apart(last, glyph)


def _is_apart(last: _Glyph, glyph: _Glyph) -> bool:
    height = last.bottom - last.top
    gap = glyph.left - last.right
    is_on_another_line = min(last.bottom, glyph.bottom) - max(last.top, glyph.top) <= 0
    return is_on_another_line or gap > _WORD_GAP * height or gap < -height


def _word(glyphs: list[_Glyph], look: _Look, *, has_space_before: bool) -> Word:
    text = "".join(readable(glyph.code) for glyph in glyphs)
    if any(0xD800 <= glyph.code < 0xE000 for glyph in glyphs):  # noqa: PLR2004  # halves of one character
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Word(
        text,
        min(glyph.left for glyph in glyphs),
        min(glyph.top for glyph in glyphs),
        max(glyph.right for glyph in glyphs),
        max(glyph.bottom for glyph in glyphs),
        look.size,
        glyphs[0].baseline,
        look.styles,
        has_space_before=has_space_before,
    )
