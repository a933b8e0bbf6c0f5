"""Ordering: all or nothing, or the share of pairs that stand in the right order."""

from itertools import combinations

from app.domain.grading.result import FOREIGN, REPEATED, Grade, graded, invalid
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response


def grade_ordering(content: QuestionContent, key: QuestionKey, response: Response) -> Grade:
    """Partial credit is the share of concordant pairs (Kendall 1938)."""
    if not response.order:
        return invalid("Put the items in order.")
    if len(set(response.order)) < len(response.order):
        return invalid(REPEATED)
    if not set(key.order).issuperset(response.order):
        return invalid(FOREIGN)
    if len(response.order) < len(key.order):
        return invalid("Place every item.")
    places = _places(content, key, response.order)
    parts = {
        item: float(place == index) for index, (item, place) in enumerate(zip(response.order, places, strict=True))
    }
    pairs = [first < second for first, second in combinations(places, 2)]
    if key.partial_order and pairs:
        return graded(sum(pairs) / len(pairs), parts)
    return graded(float(all(parts.values())), parts)


def solve_ordering(_content: QuestionContent, key: QuestionKey) -> Response:
    return Response(order=key.order)


def _places(content: QuestionContent, key: QuestionKey, order: tuple[str, ...]) -> list[int]:
    """The right place of each item. Items that read the same are interchangeable: the first takes the first place."""
    texts = {item.id: item.html for item in content.items}
    free: dict[str, list[int]] = {}
    for place, item in reversed([*enumerate(key.order)]):
        free.setdefault(texts[item], []).append(place)
    return [free[texts[item]].pop() for item in order]
