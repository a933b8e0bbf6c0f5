"""Parts of a page that look like text and that character recognition passed over."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from app.ai.processing.ruled_grids import Area
from app.ai.processing.words import Word

_REDUCTION = 4
_INK = 150
_AROUND_WORDS = 2  # reduced pixels
_LINE_GAP = 8
_LEAST_HEIGHT = 3
_MOST_HEIGHT = 200
_LEAST_INK = 20
_DENSEST = 0.45
_EDGE = 0.02
_MARGIN = 3
_MOST_AREAS = 6

Mask = npt.NDArray[np.bool_]


def missed_areas(page: Image.Image, words: Sequence[Word]) -> list[Area]:
    ink = _uncovered(np.asarray(page.reduce(_REDUCTION)) < _INK, words)
    areas = [area for top, bottom in _bands(ink) if (area := _area(ink, top, bottom)) is not None]
    return [_enlarged(area, page) for area in areas[:_MOST_AREAS]]


def _uncovered(ink: Mask, words: Sequence[Word]) -> Mask:
    """Ink away from known words and from the edges, where the shadows of scanners are."""
    rest = ink.copy()
    height, width = rest.shape
    across, down = round(width * _EDGE), round(height * _EDGE)
    rest[:down], rest[height - down :], rest[:, :across], rest[:, width - across :] = False, False, False, False
    for word in words:
        left, top, right, bottom = (int(side / _REDUCTION) for side in (word.left, word.top, word.right, word.bottom))
        rest[
            max(top - _AROUND_WORDS, 0) : bottom + _AROUND_WORDS + 1,
            max(left - _AROUND_WORDS, 0) : right + _AROUND_WORDS + 1,
        ] = False
    return rest


def _bands(ink: Mask) -> Iterator[tuple[int, int]]:
    """Rows with ink; lines of one paragraph are one band."""
    rows = np.flatnonzero(ink.sum(axis=1) > 1)
    if not len(rows):
        return
    splits = np.flatnonzero(np.diff(rows) > _LINE_GAP)
    for group in np.split(rows, splits + 1):
        yield int(group[0]), int(group[-1]) + 1


def _area(ink: Mask, top: int, bottom: int) -> Area | None:
    """The band as far as it has ink, unless that is a speck, a line, or a picture."""
    if not _LEAST_HEIGHT <= bottom - top <= _MOST_HEIGHT:
        return None
    columns = np.flatnonzero(ink[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    amount = int(ink[top:bottom, left:right].sum())
    is_picture = amount > _DENSEST * (right - left) * (bottom - top)
    return Area(left, top, right, bottom) if amount >= _LEAST_INK and not is_picture else None


def _enlarged(area: Area, page: Image.Image) -> Area:
    return Area(
        max(area.left - _MARGIN, 0) * _REDUCTION,
        max(area.top - _MARGIN, 0) * _REDUCTION,
        min((area.right + _MARGIN) * _REDUCTION, page.width),
        min((area.bottom + _MARGIN) * _REDUCTION, page.height),
    )
