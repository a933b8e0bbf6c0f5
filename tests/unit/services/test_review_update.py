from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.ai.personalization.review_schedule import PracticeResult, ReviewRating
from app.domain.responses import Rating, Response
from app.services.review_update import MEDIAN_OF_MEAN, pace, rate, review_card, reviewed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLACE = (UUID(int=1), UUID(int=2))


@pytest.mark.parametrize("button", list(Rating))
def test_a_pressed_button_counts_more_than_the_score(button: Rating) -> None:
    assert rate(Response(rating=button), PracticeResult(1.0)) is ReviewRating[button.name]


def test_without_a_button_the_answer_decides() -> None:
    assert rate(Response(choice="a"), PracticeResult(0.0)) is ReviewRating.AGAIN
    assert rate(None, PracticeResult(1.0, hints=1)) is ReviewRating.HARD


def test_pace_compares_with_the_median() -> None:
    assert pace(4_000, 10_000.0) == pytest.approx(0.4 / MEDIAN_OF_MEAN)
    assert pace(4_000, None) is None
    assert pace(0, 10_000.0) is None


def test_a_card_grows_by_stored_rows_as_fsrs_says() -> None:
    """The published check of FSRS-6: reviewed when due, Good Good Good Again Good Good."""
    ratings = [ReviewRating.GOOD] * 3 + [ReviewRating.AGAIN] + [ReviewRating.GOOD] * 2
    card, at, stabilities = None, NOON, []
    for rating in ratings:
        card = reviewed(card, PLACE, rating, at)
        at = card.due
        stabilities.append(card.stability)
    assert stabilities == pytest.approx([2.3065, 2.3065, 10.971, 1.539, 1.5718, 4.9348], abs=5e-4)
    assert card is not None
    assert (card.question_id, card.subject_id, card.lapses) == (*PLACE, 1)
    assert review_card(card).last_review == card.last_review


def test_a_review_may_come_a_moment_before_the_last_one() -> None:
    card = reviewed(None, PLACE, ReviewRating.GOOD, NOON)
    assert reviewed(card, PLACE, ReviewRating.AGAIN, NOON - timedelta(seconds=2)).stability > 0
