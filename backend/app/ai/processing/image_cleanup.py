"""Pictures of pages made ready for character recognition: even light, straight lines, letters of a readable size."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from app.ai.processing.page_geometry import turned_back
from app.ai.processing.ruled_grids import Area, without_grids
from app.domain.document_text import Box

_LEAST_SIDE = 2200
_MOST_SIDE = 3600
_LARGEST_FACTOR = 4.0
_PAPER_REDUCTION = 8
_DILATION = 9  # in reduced pixels: wider than strokes, narrower than shadows
_SMOOTHING = 15
_DARK_PAPER = 100
_STEEPEST = 3.0  # degrees
_COARSE_STEP = 0.5
_FINE_STEP = 0.1
_SKEW_SIDE = 1000
_INK = 160
_LEAST_SKEW = 0.15
_WHITE = 255
_DARKEST, _LIGHTEST = 40, 200
_CONTRAST = [min(max(round((level - _DARKEST) * _WHITE / (_LIGHTEST - _DARKEST)), 0), _WHITE) for level in range(256)]


@dataclass(frozen=True, slots=True)
class CleanPage:
    """A grey page. It was turned by `quarter_turns` counter-clockwise, then by `angle` degrees around its middle.

    The lines of its tables are wiped out; `grids` says where these are.
    """

    image: Image.Image
    quarter_turns: int
    angle: float
    grids: tuple[Area, ...] = ()

    def table(self, grid: Area) -> Image.Image:
        """A table with the grain of its paper taken away, which would look like letters beside single ones."""
        return self.image.crop((grid.left, grid.top, grid.right, grid.bottom)).point(_CONTRAST)

    def original_box(self, box: Box) -> Box:
        """The upright box on the picture as it came around a box of this page, both as fractions."""
        left, top, right, bottom = box
        corners = [self._levelled_back(x, y) for x in (left, right) for y in (top, bottom)]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        return turned_back((min(across), min(down), max(across), max(down)), self.quarter_turns)

    def _levelled_back(self, x: float, y: float) -> tuple[float, float]:
        width, height = self.image.size
        from_middle_x, from_middle_y = (x - 0.5) * width, (y - 0.5) * height
        sine, cosine = math.sin(math.radians(self.angle)), math.cos(math.radians(self.angle))
        across = (from_middle_x * cosine - from_middle_y * sine) / width + 0.5
        down = (from_middle_x * sine + from_middle_y * cosine) / height + 0.5
        return across, down


def clean_page(picture: Image.Image, quarter_turns: int = 0) -> CleanPage:
    grey = _scaled(ImageOps.grayscale(picture))
    if quarter_turns % 4:
        grey = grey.rotate(90 * quarter_turns, expand=True)
    even = _with_even_light(grey)
    angle = skew_of(even)
    if abs(angle) >= _LEAST_SKEW:
        even = even.rotate(angle, Image.Resampling.BICUBIC, fillcolor=_WHITE)
    else:
        angle = 0.0
    plain, grids = without_grids(even)
    return CleanPage(plain, quarter_turns % 4, angle, tuple(grids))


def _scaled(grey: Image.Image) -> Image.Image:
    longest = max(grey.size)
    factor = min(max(_LEAST_SIDE / longest, 1.0), _LARGEST_FACTOR) if longest < _MOST_SIDE else _MOST_SIDE / longest
    if factor == 1.0:
        return grey
    size = max(1, round(grey.width * factor)), max(1, round(grey.height * factor))
    return grey.resize(size, Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.BOX)


def _with_even_light(grey: Image.Image) -> Image.Image:
    """Divided by the paper, which is what remains when the letters are dilated away."""
    reduced = grey.reduce(_PAPER_REDUCTION)
    if np.median(np.asarray(reduced)) < _DARK_PAPER:
        grey, reduced = ImageOps.invert(grey), ImageOps.invert(reduced)
    paper = reduced.filter(ImageFilter.MaxFilter(_DILATION)).filter(ImageFilter.MedianFilter(_SMOOTHING))
    background = np.asarray(paper.resize(grey.size, Image.Resampling.BILINEAR), dtype=np.float32)
    light = np.asarray(grey, dtype=np.float32) * _WHITE / np.maximum(background, 1)
    return Image.fromarray(np.clip(light, 0, _WHITE).astype(np.uint8)).filter(ImageFilter.MedianFilter(3))


def skew_of(page: Image.Image) -> float:
    """Degrees, counter-clockwise, by which lines of text become level: where rows of ink are most distinct."""
    longest = max(page.size)
    small = page.reduce(max(1, round(longest / _SKEW_SIDE)))
    ink = Image.fromarray(((np.asarray(small) < _INK) * _WHITE).astype(np.uint8))
    coarse = _steepest(ink, np.arange(-_STEEPEST, _STEEPEST + _COARSE_STEP / 2, _COARSE_STEP))
    fine = _steepest(ink, np.arange(coarse - _COARSE_STEP, coarse + _COARSE_STEP + _FINE_STEP / 2, _FINE_STEP))
    return round(fine, 2)


def _steepest(ink: Image.Image, angles: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    def distinctness(angle: float) -> float:
        rows = np.asarray(ink.rotate(angle), dtype=np.float32).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    return float(max(angles, key=distinctness))
