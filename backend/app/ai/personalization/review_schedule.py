"""When a student sees a question again: FSRS-6 for one (student, question) pair, in values that can be stored.

References:
    Ye, J., Su, J., & Cao, Y. (2022). A stochastic shortest path algorithm for optimizing spaced repetition scheduling.
    Proceedings of KDD 2022, 4381-4390. (FSRS; the `fsrs` package implements its sixth version.)
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import IntEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from app.domain.enums import ReviewPhase

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

DEFAULT_PARAMETERS: Final = (
    *(0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796),
    *(1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542),
)
"""The published defaults of FSRS-6; the last one is the decay of the forgetting curve."""
DESIRED_RETENTION: Final = 0.90
LEECH_AT: Final = 8
LEECH_EVERY: Final = 4
QUICKEST_PACE: Final = 0.10
QUICK_PACE: Final = 0.60
RIGHT: Final = 1.0
HALF_RIGHT: Final = 0.5


class ReviewRating(IntEnum):
    """The four buttons of a flashcard."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """Memory state of one question for one student.

    Attributes:
        due: When recall falls to the desired retention; also the time of the next learning step.
        phase: What `step` belongs to.
        step: Position in the learning steps, None in review.
        stability: Days until recall falls to 90 %; None before the first review.
        difficulty: In [1, 10]; None before the first review.
        last_review: None before the first review.
        lapses: How often it was forgotten in review.
        is_suspended: Set for a leech, until somebody changes the question or lifts it.
    """

    due: datetime
    phase: ReviewPhase = ReviewPhase.LEARNING
    step: int | None = 0
    stability: float | None = None
    difficulty: float | None = None
    last_review: datetime | None = None
    lapses: int = 0
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """Per student: FSRS parameters (21 values) and the wanted probability of recall."""

    parameters: tuple[float, ...] = DEFAULT_PARAMETERS
    desired_retention: float = DESIRED_RETENTION

    @property
    def decay(self) -> float:
        return self.parameters[-1]

    def __post_init__(self) -> None:
        if not 0.70 <= self.desired_retention <= 0.97:  # noqa: PLR2004 - beyond, the workload or the loss explodes
            raise ValueError("The desired retention must lie in [0.70, 0.97].")


STANDARD: Final = ReviewSettings()


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """A practice answer as evidence of recall.

    Attributes:
        score: In [0, 1].
        hints: Hints seen before the answer.
        pace: Time taken as a share of the question's median time; None when unknown.
        is_sure: The student said so, in a mode that asks.
    """

    score: float
    hints: int = 0
    pace: float | None = None
    is_sure: bool = False


def rating_of(result: PracticeResult) -> ReviewRating:
    """Right is good, fast and sure is easy, help or a partly right answer is hard, the rest is again.

    An answer below a tenth of the median time may be a guess and is not called easy.
    """
    if result.score < HALF_RIGHT:
        return ReviewRating.AGAIN
    if result.score < RIGHT or result.hints:
        return ReviewRating.HARD
    is_fast = result.pace is not None and QUICKEST_PACE <= result.pace <= QUICK_PACE
    return ReviewRating.EASY if is_fast and result.is_sure else ReviewRating.GOOD


def new_card(now: datetime) -> ReviewCard:
    """A question not reviewed yet, due at once."""
    return ReviewCard(due=now)


def review(card: ReviewCard, rating: ReviewRating, now: datetime, settings: ReviewSettings) -> ReviewCard:
    """The card after one review at `now` (aware); suspends it when it has just become a leech.

    Raises:
        ValueError: If `now` carries no time zone, or the parameters are not valid for FSRS-6.
    """
    from fsrs import Rating

    if now.tzinfo is None:
        raise ValueError("Review times must carry a time zone.")
    scheduler = _scheduler(settings.parameters, settings.desired_retention)
    reviewed, _ = scheduler.review_card(_to_fsrs(card), Rating(rating.value), now.astimezone(UTC))
    is_lapse = rating is ReviewRating.AGAIN and card.phase is ReviewPhase.REVIEW
    lapses = card.lapses + is_lapse
    return replace(
        _from_fsrs(reviewed), lapses=lapses, is_suspended=card.is_suspended or (is_lapse and is_leech(lapses))
    )


def replay(reviews: Sequence[tuple[ReviewRating, datetime]], settings: ReviewSettings) -> ReviewCard:
    """The card after a whole history, as needed after a changed key or new parameters.

    Raises:
        ValueError: If `reviews` is empty.
    """
    if not reviews:
        raise ValueError("A card without reviews has no history to replay.")
    card = new_card(reviews[0][1])
    for rating, at in reviews:
        card = review(card, rating, at, settings)
    return card


def is_leech(lapses: int) -> bool:
    """Whether this lapse makes (or again makes) the card a leech: the 8th and every 4th after it."""
    return lapses >= LEECH_AT and (lapses - LEECH_AT) % LEECH_EVERY == 0


def rescheduled(
    card: ReviewCard, reviews: Sequence[tuple[ReviewRating, datetime]], settings: ReviewSettings
) -> ReviewCard:
    """The card as it would be had its whole history been under these settings; what rests goes on resting.

    Raises:
        ValueError: If `reviews` is empty.
    """
    return replace(replay(reviews, settings), is_suspended=card.is_suspended)


def stability_before(
    reviews: Sequence[tuple[Hashable, ReviewRating, datetime]], settings: ReviewSettings
) -> list[float | None]:
    """Stability of the card before each review (card, rating, aware time) in order; None for a first one.

    Raises:
        ValueError: If the parameters are not valid for FSRS-6.
    """
    from fsrs import Card, Rating

    scheduler, cards = _scheduler(settings.parameters, settings.desired_retention), dict[Hashable, Card]()
    found: list[float | None] = []
    for key, rating, at in reviews:
        utc = at.astimezone(UTC)
        card = cards.get(key) or Card(card_id=0, due=utc)
        found.append(card.stability)
        cards[key], _ = scheduler.review_card(card, Rating(rating.value), utc)
    return found


def settings_of(parameters: Sequence[float] | None) -> ReviewSettings:
    """A student's settings: their own parameters, or the published ones where there are none that can be used."""
    return STANDARD if parameters is None or not are_valid(parameters) else ReviewSettings(tuple(parameters))


def are_valid(parameters: Sequence[float]) -> bool:
    """Whether these are 21 finite values that FSRS-6 admits."""
    bounds = parameter_bounds()
    return len(parameters) == len(bounds) and all(
        math.isfinite(value) and low <= value <= high for value, (low, high) in zip(parameters, bounds, strict=True)
    )


@cache
def parameter_bounds() -> tuple[tuple[float, float], ...]:
    """Lowest and highest value of each parameter. Shape ``(21, 2)``."""
    from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

    return tuple(zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True))


@lru_cache(maxsize=256)
def _scheduler(parameters: tuple[float, ...], desired_retention: float) -> "Scheduler":
    from fsrs import Scheduler

    # Fuzz would draw from the global random state; the spread of the load is the review plan's business.
    return Scheduler(parameters, desired_retention, enable_fuzzing=False)


def _to_fsrs(card: ReviewCard) -> "Card":
    from fsrs import Card, State

    return Card(
        card_id=0,  # without one, the package reads the clock and sleeps
        state=State[card.phase.name.title()],
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due,
        last_review=card.last_review,
    )


def _from_fsrs(card: "Card") -> ReviewCard:
    return ReviewCard(
        due=card.due,
        phase=ReviewPhase[card.state.name.upper()],
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        last_review=card.last_review,
    )
