"""What one answer does to the review card of its question; the same code runs live and in a replay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from app.ai.personalization.review_schedule import (
    STANDARD,
    PracticeResult,
    ReviewCard,
    ReviewRating,
    ReviewSettings,
    new_card,
    rating_of,
    rescheduled,
    review,
)
from app.domain.enums import ReviewPhase
from app.domain.responses import Response
from app.repositories.practice_step_rows import CardRow

SURE: Final = 3
MEDIAN_OF_MEAN: Final = 0.8
"""Median over mean of a log-normal time with a standard deviation of about 0.65 (van der Linden 2006)."""


def rate(response: Response | None, result: PracticeResult) -> ReviewRating:
    """The button that a flashcard's student pressed, else what the answer says."""
    if response is not None and response.rating is not None:
        return ReviewRating[response.rating.name]
    return rating_of(result)


def pace(elapsed_ms: int, mean_ms: float | None) -> float | None:
    """Time taken as a share of the usual one; None where either is unknown."""
    return elapsed_ms / (MEDIAN_OF_MEAN * mean_ms) if mean_ms and elapsed_ms else None


def reviewed(
    card: CardRow | None,
    place: tuple[UUID, UUID],
    rating: ReviewRating,
    at: datetime,
    settings: ReviewSettings = STANDARD,
) -> CardRow:
    """The card after one more review; `place` is the question and its subject."""
    before = new_card(at) if card is None else review_card(card)
    return _card_row(place, review(before, rating, at, settings))


def refitted(card: CardRow, reviews: Sequence[tuple[ReviewRating, datetime]], settings: ReviewSettings) -> CardRow:
    """The card under new settings, from its whole history."""
    return _card_row((card.question_id, card.subject_id), rescheduled(review_card(card), reviews, settings))


def _card_row(place: tuple[UUID, UUID], after: ReviewCard) -> CardRow:
    if after.stability is None or after.difficulty is None or after.last_review is None:
        raise ValueError("a reviewed card lacks its memory state")
    return CardRow(
        *place,
        after.due,
        after.phase.value,
        after.step,
        after.stability,
        after.difficulty,
        after.last_review,
        after.lapses,
        after.is_suspended,
    )


def review_card(row: CardRow) -> ReviewCard:
    return ReviewCard(
        row.due,
        ReviewPhase(row.phase),
        row.step,
        row.stability,
        row.difficulty,
        row.last_review,
        row.lapses,
        row.is_suspended,
    )
