"""Tables drawn with lines: these hide the letters between them from character recognition, so they are wiped out."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

_REDUCTION = 2
_INK = 205
_LEAST_RUN = 36  # in reduced pixels: higher than letters
_LEAST_RULINGS = 3
_LEAST_HEIGHT = 40
_LEAST_ACROSS = 0.5
_LEAST_LINES_ACROSS = 2
_PEN = 5
_WHITE = 255

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Area:
    """Pixels of the page, right and bottom not included."""

    left: int
    top: int
    right: int
    bottom: int


def without_grids(page: Image.Image) -> tuple[Image.Image, list[Area]]:
    """The page without the lines of its tables, and where these are. Lines outside of tables, as blanks, stay."""
    ink = np.asarray(page.reduce(_REDUCTION)) < _INK
    vertical = _long_runs(_thickened(ink, 1).T).T
    areas = [_area(vertical, top, bottom) for top, bottom in _bands(vertical)]
    if not areas:
        return page, []
    horizontal = _long_runs(_thickened(ink, 0))
    areas = [area for area in areas if _is_ruled(horizontal, area)]
    lines = vertical | horizontal
    inside = np.zeros_like(lines)
    for area in areas:
        inside[area.top : area.bottom, area.left : area.right] = True
    wiped = Image.fromarray(((lines & inside) * _WHITE).astype(np.uint8))
    wiped = wiped.resize(page.size).filter(ImageFilter.MaxFilter(_PEN))
    return Image.composite(Image.new("L", page.size, _WHITE), page, wiped), [_enlarged(area, page) for area in areas]


def _thickened(ink: Mask, axis: int) -> Mask:
    """A line that is not quite level stays in one piece."""
    thick = ink.copy()
    if axis == 0:
        thick[1:] |= ink[:-1]
        thick[:-1] |= ink[1:]
    else:
        thick[:, 1:] |= ink[:, :-1]
        thick[:, :-1] |= ink[:, 1:]
    return thick


def _long_runs(ink: Mask) -> Mask:
    """What belongs to a run along the second axis that no letter is as long as."""
    width = ink.shape[1]
    places = np.arange(width, dtype=np.int32)[np.newaxis, :]
    last = np.maximum.accumulate(np.where(ink, -1, places), axis=1)
    following = np.minimum.accumulate(np.where(ink, width, places)[:, ::-1], axis=1)[:, ::-1]
    return ink & (following - last > _LEAST_RUN)


def _bands(vertical: Mask) -> list[tuple[int, int]]:
    """Rows of the page that three or more upright lines cross."""
    begins = np.diff(vertical.astype(np.int8), axis=1, prepend=0) == 1
    edges = np.flatnonzero(np.diff((begins.sum(axis=1) >= _LEAST_RULINGS).astype(np.int8), prepend=0, append=0))
    bands: list[tuple[int, int]] = []
    for top, bottom in edges.reshape(-1, 2).tolist():
        if bands and top - bands[-1][1] < _LEAST_RUN:
            bands[-1] = bands[-1][0], bottom
        else:
            bands.append((top, bottom))
    return [(top, bottom) for top, bottom in bands if bottom - top >= _LEAST_HEIGHT]


def _area(vertical: Mask, top: int, bottom: int) -> Area:
    columns = np.flatnonzero(vertical[top:bottom].any(axis=0))
    return Area(max(int(columns[0]) - _PEN, 0), max(top - _PEN, 0), int(columns[-1]) + _PEN, bottom + _PEN)


def _is_ruled(horizontal: Mask, area: Area) -> bool:
    """Whether two lines go across it: large letters have upright strokes as well."""
    inside = horizontal[max(area.top - _PEN, 0) : area.bottom, area.left : area.right]
    slices = np.array_split(inside, max(1, inside.shape[0] // _PEN))
    covered = np.array([piece.any(axis=0).mean() for piece in slices]) >= _LEAST_ACROSS
    return int(np.count_nonzero(np.diff(covered.astype(np.int8), prepend=0) == 1)) >= _LEAST_LINES_ACROSS


def _enlarged(area: Area, page: Image.Image) -> Area:
    return Area(
        area.left * _REDUCTION,
        area.top * _REDUCTION,
        min(area.right * _REDUCTION, page.width),
        min(area.bottom * _REDUCTION, page.height),
    )
