"""Words of a page joined to lines in reading order."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from app.ai.processing.columns import Row, regions, rows_of
from app.ai.processing.option_grid import without_grids
from app.ai.processing.words import Word
from app.domain.document_text import Span, Style, TextLine, TextOrigin

_WIDE_GAP = 1.5  # in letter sizes; no space between two words is so wide, not even in justified text
_SMALL = 0.85
_EDGE = 0.09  # of the height of the page
_APART = 0.8  # of the height of a line
_RAISED = 0.15
_LOWERED = 0.05


@dataclass(frozen=True, slots=True)
class PageShape:
    """Width and height in the units of the words."""

    number: int
    width: float
    height: float
    origin: TextOrigin = TextOrigin.TEXT


def lines_of_page(words: Sequence[Word], shape: PageShape) -> list[TextLine]:
    """Lines column by column. ``size`` is still in points or pixels: see `with_relative_sizes`."""
    lines: list[TextLine] = []
    for band in _bands(words, shape):
        found = [line for rows in regions(band) for line in _lines(without_grids(rows), shape)]
        if lines and found:
            found[0] = replace(found[0], space_above=1.0)
        lines += found
    return lines


def _bands(words: Sequence[Word], shape: PageShape) -> list[list[Word]]:
    """Header, text and footer: those stand apart at the edges of the page and belong to none of its columns."""
    rows = rows_of(words)
    gaps = [_top(below) - _bottom(above) for above, below in pairwise(rows)]
    apart = _APART * median(word.height for word in words) if words else 0.0
    is_apart = [gap > apart for gap in gaps]
    heads = [at + 1 for at, row in enumerate(rows[:-1]) if _bottom(row) < _EDGE * shape.height and is_apart[at]]
    feet = [at + 1 for at, row in enumerate(rows[1:]) if _top(row) > (1 - _EDGE) * shape.height and is_apart[at]]
    cuts = [0, heads[-1] if heads else 0, feet[0] if feet else len(rows), len(rows)]
    return [[word for row in rows[first:end] for word in row] for first, end in pairwise(cuts)]


def _top(row: Row) -> float:
    return min(word.top for word in row)


def _bottom(row: Row) -> float:
    return max(word.bottom for word in row)


def _lines(rows: Sequence[Row], shape: PageShape) -> Iterator[TextLine]:
    middles = [median(word.middle for word in row) for row in rows]
    steps = [below - above for above, below in pairwise(middles)]
    pitch = max(median(steps), 1e-6) if steps else 1.0
    edge = min((word.left for row in rows for word in row), default=0.0)
    for index, row in enumerate(rows):
        space = steps[index - 1] / pitch - 1 if index else 0.0
        yield _line(row, shape, edge, max(0.0, round(space, 2)))


def _line(row: Row, shape: PageShape, edge: float, space_above: float) -> TextLine:
    size = _main_size(row)
    row = _from_the_right(row) if _is_right_to_left(row) else row
    text, spans = _joined(row, size, shape.origin)
    weight = sum(len(word.text) for word in row)
    box = (
        min(word.left for word in row) / shape.width,
        min(word.top for word in row) / shape.height,
        max(word.right for word in row) / shape.width,
        max(word.bottom for word in row) / shape.height,
    )
    return TextLine(
        text=text,
        page=shape.number,
        box=(_fraction(box[0]), _fraction(box[1]), _fraction(box[2]), _fraction(box[3])),
        spans=tuple(spans),
        pictures=tuple(word.picture for word in row if word.picture),
        space_above=space_above,
        indent=round((min(word.left for word in row) - edge) / size, 1),
        size=size,
        confidence=round(sum(word.confidence * len(word.text) for word in row) / max(weight, 1), 3),
        origin=shape.origin,
    )


def _fraction(share: float) -> float:
    return round(min(max(share, 0.0), 1.0), 4)


def _main_size(row: Row) -> float:
    """Size of most letters of the row."""
    letters: dict[float, int] = {}
    for word in row:
        letters[round(word.size, 1)] = letters.get(round(word.size, 1), 0) + len(word.text)
    return max(letters, key=lambda size: (letters[size], size))


def _joined(row: Row, size: float, origin: TextOrigin) -> tuple[str, list[Span]]:
    text = ""
    spans: list[Span] = []
    baseline = median(word.baseline for word in row if word.size >= size * _SMALL)
    for index, word in enumerate(row):
        text += _separator(row[index - 1], word, size) if index else ""
        styles = set(word.styles)
        if origin is TextOrigin.TEXT and (shift := _shift(word, size, baseline)) is not None:
            styles.add(shift)
        start, text = len(text), text + word.text
        for style in sorted(styles):
            _extend(spans, Span(start, len(text), style), text)
    return text, spans


def _separator(last: Word, word: Word, size: float) -> str:
    gap = word.left - last.right
    if abs(gap) > _WIDE_GAP * size and gap > 0:
        return "\t"
    return " " if word.has_space_before else ""


def _shift(word: Word, size: float, baseline: float) -> Style | None:
    if word.size >= size * _SMALL:
        return None
    if baseline - word.baseline > _RAISED * size:
        return Style.SUPERSCRIPT
    return Style.SUBSCRIPT if word.baseline - baseline > _LOWERED * size else None


def _extend(spans: list[Span], span: Span, text: str) -> None:
    """Words of the same style, one after the other, are one span."""
    for index, last in enumerate(spans):
        if last.style is span.style and not text[last.end : span.start].strip():
            spans[index] = Span(last.start, span.end, span.style)
            return
    spans.append(span)


def _is_right_to_left(row: Row) -> bool:
    directions = [unicodedata.bidirectional(letter) for word in row for letter in word.text if letter.isalpha()]
    backwards = sum(direction in {"R", "AL"} for direction in directions)
    return backwards * 2 > len(directions)


def _from_the_right(row: Row) -> Row:
    return sorted(row, key=lambda word: -word.right)


def with_relative_sizes(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """Numbered from 1, each size as a part of the size of most letters of the document."""
    letters: dict[float, int] = {}
    for line in lines:
        letters[line.size] = letters.get(line.size, 0) + len(line.text)
    usual = max(letters, key=lambda size: letters[size], default=1.0) or 1.0
    for number, line in enumerate(lines, start=1):
        yield replace(line, number=number, size=round(line.size / usual, 2))
