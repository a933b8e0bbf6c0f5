"""What two questions with like stems are to each other."""

from typing import Final

from app.domain.near_duplicates import MIN_COSINE, MIN_SHARED_OPTIONS, Gist, are_near_duplicates
from app.domain.question_pairs import PairKind

LEAST_COSINE: Final = 0.88
"""Below it stems are not compared at all. Between it and the limit of near duplicates the words have to decide."""


def judge(one: Gist, other: Gist, cosine: float) -> PairKind | None:
    """None when both may stay as they are: they ask different things, or the same of different options."""
    if not are_near_duplicates(one, other, cosine if cosine >= MIN_COSINE else None):
        return None
    if _conflict(one, other):
        return PairKind.KEY_CONFLICT
    return PairKind.NEAR_DUPLICATE if _ask_the_same(one, other) else None


def _conflict(one: Gist, other: Gist) -> bool:
    """Each has an answer, none is shared, and what one takes as right is wrong or impossible in the other."""
    if not one.answers or not other.answers or one.answers & other.answers:
        return False
    if not one.options or not other.options:
        return True
    return bool(one.answers & other.options or other.answers & one.options)


def _ask_the_same(one: Gist, other: Gist) -> bool:
    """What `Which of these is a prime?` asks depends on its options."""
    if one.answers & other.answers or not (one.options and other.options):
        return True
    return len(one.options & other.options) / len(one.options | other.options) >= MIN_SHARED_OPTIONS
