"""Reviews of simulated students whose memory follows known FSRS parameters."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.random import Generator

from app.ai.personalization.review_fit import LoggedReview
from app.ai.personalization.review_queue import retrievability
from app.ai.personalization.review_schedule import (
    DEFAULT_PARAMETERS,
    ReviewCard,
    ReviewRating,
    ReviewSettings,
    new_card,
    review,
)

START = datetime(2026, 1, 5, 8, tzinfo=UTC)


def with_values(changes: dict[int, float]) -> tuple[float, ...]:
    """The published parameters, but for these places."""
    return tuple(changes.get(place, value) for place, value in enumerate(DEFAULT_PARAMETERS))


FORGETFUL = with_values({0: 0.08, 1: 0.35, 2: 0.6, 3: 2.5, 8: 1.3, 11: 0.9, 20: 0.35})
"""Forgets sooner than most, early and late."""


def review_log(parameters: Sequence[float], reviews: int, rng: Generator, *, new_a_day: int = 4) -> list[LoggedReview]:
    """Every day some new cards and whatever is due by the published schedule; recall is drawn from `parameters`."""
    truth, plan = ReviewSettings(tuple(parameters)), ReviewSettings()
    memory: dict[int, ReviewCard] = {}
    schedule: dict[int, ReviewCard] = {}
    found: list[LoggedReview] = []
    day = START
    while len(found) < reviews:
        due = [card for card, state in schedule.items() if state.due <= day + timedelta(hours=12)]
        for card in [*due, *range(len(schedule), len(schedule) + new_a_day)]:
            at = day + timedelta(minutes=len(found) % 600)
            before = memory.get(card)
            rating = _rating(before, at, truth, rng)
            memory[card] = review(before or new_card(at), rating, at, truth)
            schedule[card] = review(schedule.get(card) or new_card(at), rating, at, plan)
            found.append(LoggedReview(card, rating, at))
        day += timedelta(days=1)
    return found


def _rating(card: ReviewCard | None, at: datetime, truth: ReviewSettings, rng: Generator) -> ReviewRating:
    if card is None or card.stability is None or card.last_review is None:
        return ReviewRating.GOOD if rng.random() < 0.7 else ReviewRating.AGAIN
    days = (at - card.last_review).total_seconds() / 86_400
    recall = float(retrievability(_array(card.stability), _array(days), truth.decay)[0])
    return ReviewRating.GOOD if rng.random() < recall else ReviewRating.AGAIN


def _array(value: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([value])
