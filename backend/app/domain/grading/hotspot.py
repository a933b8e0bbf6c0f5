"""Hotspot: points set on an image."""

import math
from collections.abc import Sequence

from app.domain.grading.geometry import Point, contains, points_within
from app.domain.grading.result import Grade, graded, invalid
from app.domain.question_draft import Shape
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response

MAX_COORDINATE = 100_000  # that a response accepts


def grade_hotspot(content: QuestionContent, key: QuestionKey, response: Response) -> Grade:
    """Different right areas hit, over the areas to hit or the points set, whichever are more.

    Where areas overlap the first one counts, as in HTML image maps.
    """
    limit = content.hotspot.max_points if content.hotspot else 1
    if not response.points:
        return invalid("Set a point on the image.")
    if len(response.points) > limit:
        return invalid(f"Set at most {limit} points.")
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in response.points):
        return invalid("A point has no finite coordinates.")
    hit = {shape.id for point in response.points if (shape := _area(key.shapes, point)) and shape.correct}
    wanted = min(limit, sum(shape.correct for shape in key.shapes))
    return graded(len(hit) / max(wanted, len(response.points)), dict.fromkeys(sorted(hit), 1.0))


def solve_hotspot(content: QuestionContent, key: QuestionKey) -> Response:
    limit = content.hotspot.max_points if content.hotspot else 1
    points = [point for shape in key.shapes if shape.correct and (point := _reachable(shape, key.shapes))]
    return Response(points=tuple(points[:limit]))


def _area(shapes: Sequence[Shape], point: Point) -> Shape | None:
    return next((shape for shape in shapes if contains(shape, point)), None)


def _reachable(target: Shape, shapes: Sequence[Shape]) -> Point | None:
    """A point that counts for the shape and that a response may hold."""
    return next(
        (point for point in points_within(target) if _is_sendable(point) and _area(shapes, point) is target), None
    )


def _is_sendable(point: Point) -> bool:
    return all(abs(coordinate) <= MAX_COORDINATE for coordinate in point)
