"""Figures of a PDF page: pictures and drawings, cut out of the page as it is shown."""

import ctypes
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it has no type information
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it has no type information

from app.ai.processing.columns import rows_of
from app.ai.processing.page_geometry import Matrix, screen_matrix, shown_box
from app.ai.processing.words import Word
from app.domain.document_text import PICTURE, PictureFile

_MOST_OBJECTS = 4_000
_MOST_FIGURES = 20
_LEAST_SIDE = 20.0  # points
_LARGEST_SHARE = 0.7
_DRAWN_SEGMENTS = 6  # a line or a rectangle has fewer
_LEAST_DRAWN = 2
_REACH = 9.0
_MARGIN = 2.0
_LONGEST_LABEL = 16
_SCALE = 2.0
_LINE_HEIGHT = 8.0


@dataclass(frozen=True, slots=True)
class PageArea:
    """A part of the page in points from its left upper corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def holds(self, word: Word) -> bool:
        return self.left <= (word.left + word.right) / 2 <= self.right and self.top <= word.middle <= self.bottom

    def joined(self, other: "PageArea") -> "PageArea":
        return PageArea(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def touches(self, other: "PageArea", reach: float) -> bool:
        return (
            self.left - reach <= other.right
            and other.left - reach <= self.right
            and self.top - reach <= other.bottom
            and other.top - reach <= self.bottom
        )


@dataclass(frozen=True, slots=True)
class PageObjects:
    """What stands on a page besides text; `images` counts also those that fill the page, as scans do."""

    pictures: tuple[PageArea, ...]
    drawings: tuple[PageArea, ...]
    images: int
    paths: int
    largest_share: float
    largest_pixels: int


@dataclass(slots=True)
class _Cluster:
    area: PageArea
    drawn: int


def objects_of(page: pdfium.PdfPage) -> PageObjects:
    width, height = page.get_size()
    matrix = screen_matrix(page)
    pictures: list[PageArea] = []
    paths: list[tuple[PageArea, bool]] = []
    images, pixels, largest = 0, 0, 0.0
    for item in islice(page.get_objects(max_depth=3), _MOST_OBJECTS):
        if item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            images += 1
            pixels = max(pixels, _pixels(item))
            pictures += _areas(item, matrix)
        elif item.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            is_drawn = pdfium_c.FPDFPath_CountSegments(item.raw) >= _DRAWN_SEGMENTS
            paths += [(area, is_drawn) for area in _areas(item, matrix)]
    for area in pictures:
        largest = max(largest, area.width * area.height / max(width * height, 1.0))
    small = [area for area in pictures if _is_figure(area, width, height)]
    return PageObjects(tuple(small), tuple(_drawings(paths, width, height)), images, len(paths), largest, pixels)


def _pixels(item: pdfium.PdfObject) -> int:
    across, down = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium_c.FPDFImageObj_GetImagePixelSize(item.raw, across, down):
        return 0
    return across.value * down.value


def _areas(item: pdfium.PdfObject, matrix: Matrix) -> list[PageArea]:
    try:
        left, bottom, right, top = item.get_bounds()
    except pdfium.PdfiumError:
        return []
    return [PageArea(*shown_box(matrix, left, top, right, bottom))]


def _is_figure(area: PageArea, width: float, height: float) -> bool:
    is_large_enough = min(area.width, area.height) >= _LEAST_SIDE
    return is_large_enough and area.width * area.height <= _LARGEST_SHARE * width * height


def _drawings(paths: Sequence[tuple[PageArea, bool]], width: float, height: float) -> Iterator[PageArea]:
    """Clusters of lines among which there are shapes that no table and no frame has."""
    clusters: list[_Cluster] = []
    for area, is_drawn in sorted(paths, key=lambda path: (path[0].top, path[0].left)):
        if area.width * area.height > _LARGEST_SHARE * width * height:
            continue
        merged = _Cluster(area, int(is_drawn))
        apart = []
        for cluster in clusters:
            if cluster.area.touches(merged.area, _REACH):
                merged = _Cluster(cluster.area.joined(merged.area), cluster.drawn + merged.drawn)
            else:
                apart.append(cluster)
        clusters = [*apart, merged]
    for cluster in clusters:
        if cluster.drawn >= _LEAST_DRAWN and _is_figure(cluster.area, width, height):
            yield cluster.area


def figures_of(
    page: pdfium.PdfPage, number: int, objects: PageObjects, words: Sequence[Word]
) -> list[tuple[PageArea, PictureFile]]:
    """Each figure and what is written on it with its PNG picture; of a page with very many only the first."""
    drawings = [_with_labels(area, words) for area in objects.drawings]
    areas = _without_inner([*objects.pictures, *drawings])[:_MOST_FIGURES]
    return [(area, _picture(page, number, index, area)) for index, area in enumerate(areas, start=1)]


def _with_labels(area: PageArea, words: Sequence[Word]) -> PageArea:
    """Grown to the short texts at its edges, of which nothing stands further away."""
    reach = PageArea(area.left - _REACH, area.top - _REACH, area.right + _REACH, area.bottom + _REACH)
    for row in rows_of([word for word in words if not area.holds(word)]):
        near = [word for word in row if reach.touches(PageArea(word.left, word.top, word.right, word.bottom), 0.0)]
        if near == row and sum(len(word.text) for word in row) <= _LONGEST_LABEL:
            for word in row:
                area = area.joined(PageArea(word.left, word.top, word.right, word.bottom))
    return area


def _without_inner(areas: Sequence[PageArea]) -> list[PageArea]:
    """Figures that overlap are one figure."""
    merged: list[PageArea] = []
    for area in areas:
        for other in [each for each in merged if each.touches(area, 0.0)]:
            merged.remove(other)
            area = area.joined(other)  # noqa: PLW2901  # grows while others are found in it
        merged.append(area)
    return sorted(merged, key=lambda each: (each.top, each.left))


def _picture(page: pdfium.PdfPage, number: int, index: int, area: PageArea) -> PictureFile:
    width, height = page.get_size()
    crop = (
        max(0.0, area.left - _MARGIN),
        max(0.0, height - area.bottom - _MARGIN),
        max(0.0, width - area.right - _MARGIN),
        max(0.0, area.top - _MARGIN),
    )
    out = io.BytesIO()
    page.render(scale=_SCALE, crop=crop).to_pil().save(out, "PNG")
    data = out.getvalue()
    return PictureFile(f"page-{number}-figure-{index}.png", len(data), lambda: data, number)


def word_of(area: PageArea, picture: PictureFile) -> Word:
    """Stands in the line at the middle of the figure."""
    middle = (area.top + area.bottom) / 2
    top, bottom = middle - _LINE_HEIGHT / 2, middle + _LINE_HEIGHT / 2
    return Word(PICTURE, area.left, top, area.right, bottom, _LINE_HEIGHT, bottom, picture=picture.name)
