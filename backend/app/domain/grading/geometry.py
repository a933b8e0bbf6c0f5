"""Points and areas of an image, in pixels; edges belong to the area."""

import math
from collections.abc import Iterator
from itertools import pairwise

from app.domain.question_draft import Shape

Point = tuple[float, float]

EDGE = 1e-9  # pixels
_LEAST_POLYGON = 6  # coordinates of a triangle


def contains(shape: Shape, point: Point) -> bool:
    """Whether the point is in the area; never for a shape with the wrong number of coordinates."""
    x, y = point
    match shape.kind, shape.coords:
        case "rect", (left, top, width, height):
            return left - EDGE <= x <= left + width + EDGE and top - EDGE <= y <= top + height + EDGE
        case "circle", (center_x, center_y, radius):
            return math.hypot(x - center_x, y - center_y) <= radius + EDGE
        case "polygon", coords if is_sound(shape):
            return _polygon_contains(_corners(coords), point)
    return False


def is_sound(shape: Shape) -> bool:
    """Whether a shape has the coordinates its kind needs, and an extent."""
    match shape.kind, shape.coords:
        case "rect", (_, _, width, height):
            return width > 0 and height > 0
        case "circle", (_, _, radius):
            return radius > 0
        case "polygon", coords:
            return len(coords) >= _LEAST_POLYGON and len(coords) % 2 == 0
    return False


def points_within(shape: Shape) -> Iterator[Point]:
    """Some points of the area, the most central first."""
    match shape.kind, shape.coords:
        case "rect", (left, top, width, height):
            yield left + width / 2, top + height / 2
            yield from ((left + dx * width, top + dy * height) for dx in (0, 1) for dy in (0, 1))
        case "circle", (x, y, radius):
            yield x, y
            yield from ((x + radius, y), (x - radius, y), (x, y + radius), (x, y - radius))
        case "polygon", coords if is_sound(shape):
            corners = _corners(coords)
            yield from _middles(corners)
            yield from corners


def _corners(coords: tuple[float, ...]) -> list[Point]:
    return list(zip(coords[::2], coords[1::2], strict=True))


def _edges(corners: list[Point]) -> Iterator[tuple[Point, Point]]:
    return pairwise([*corners, corners[0]])


def _polygon_contains(corners: list[Point], point: Point) -> bool:
    if any(_is_on_edge(start, end, point) for start, end in _edges(corners)):
        return True
    return sum(x > point[0] for x in _crossings(corners, point[1])) % 2 == 1


def _is_on_edge(start: Point, end: Point, point: Point) -> bool:
    length = math.dist(start, end)
    beyond = math.dist(start, point) + math.dist(point, end) - length
    return beyond <= EDGE


def _crossings(corners: list[Point], y: float) -> list[float]:
    """Where the edges cross a horizontal line; an edge owns its lower end only, so that corners count once."""
    return [
        start_x + (y - start_y) / (end_y - start_y) * (end_x - start_x)
        for (start_x, start_y), (end_x, end_y) in _edges(corners)
        if (start_y <= y) != (end_y <= y)
    ]


def _middles(corners: list[Point]) -> Iterator[Point]:
    """Middles of the spans that horizontal lines halfway between corners cut out."""
    heights = sorted({y for _, y in corners})
    for low, high in pairwise(heights):
        y = (low + high) / 2
        crossings = sorted(_crossings(corners, y))
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            yield (left + right) / 2, y
