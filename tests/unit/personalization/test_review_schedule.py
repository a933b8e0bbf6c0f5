from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import fsrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ai.personalization.review_plan import daily_limit, plan_reviews
from app.ai.personalization.review_queue import due_order, recall_gain, retrievability, review_need
from app.ai.personalization.review_schedule import (
    DEFAULT_PARAMETERS,
    PracticeResult,
    ReviewCard,
    ReviewRating,
    ReviewSettings,
    is_leech,
    new_card,
    rating_of,
    replay,
    review,
)
from app.domain.enums import ReviewPhase

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
AGAIN, HARD, GOOD, EASY = ReviewRating


def test_stabilities_of_a_known_history() -> None:
    card, stabilities = new_card(START), []
    for rating in (GOOD, GOOD, GOOD, AGAIN, GOOD, GOOD):
        card = review(card, rating, card.due, ReviewSettings())
        stabilities.append(card.stability)
    assert stabilities == pytest.approx([2.3065, 2.3065, 10.971, 1.539, 1.5718, 4.9348], abs=5e-4)
    assert card.phase is ReviewPhase.REVIEW
    assert card.lapses == 1


def test_defaults_are_those_of_the_package() -> None:
    assert fsrs.Scheduler().parameters == DEFAULT_PARAMETERS


@given(st.lists(st.tuples(st.sampled_from(list(ReviewRating)), st.floats(0, 60)), min_size=1, max_size=12))
@settings(deadline=None, max_examples=50)
def test_stored_cards_behave_like_the_package(history: list[tuple[ReviewRating, float]]) -> None:
    scheduler, theirs = fsrs.Scheduler(enable_fuzzing=False), fsrs.Card(card_id=1, due=START)
    now, reviews = START, []
    for rating, pause in history:
        now += timedelta(days=pause)
        theirs, _ = scheduler.review_card(theirs, fsrs.Rating(rating.value), now)
        reviews.append((rating, now))
    ours = replay(reviews, ReviewSettings())
    assert (ours.stability, ours.difficulty, ours.due) == (theirs.stability, theirs.difficulty, theirs.due)
    assert ours.due > now


def test_lower_retention_means_longer_pauses() -> None:
    reviews = [(EASY, START), (GOOD, START + timedelta(days=9))]
    relaxed, strict = (replay(reviews, ReviewSettings(desired_retention=share)).due for share in (0.80, 0.95))
    assert relaxed > strict


def test_other_time_zones_mean_the_same_moment() -> None:
    local = START.astimezone(timezone(timedelta(hours=5)))
    assert review(new_card(START), GOOD, local, ReviewSettings()) == review(
        new_card(START), GOOD, START, ReviewSettings()
    )


def test_bad_times_settings_and_histories_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        review(new_card(START), GOOD, START.replace(tzinfo=None), ReviewSettings())
    with pytest.raises(ValueError, match="retention"):
        ReviewSettings(desired_retention=0.99)
    with pytest.raises(ValueError, match="replay"):
        replay([], ReviewSettings())


@pytest.mark.parametrize(
    ("result", "rating"),
    [
        (PracticeResult(1.0), GOOD),
        (PracticeResult(1.0, pace=0.5, is_sure=True), EASY),
        (PracticeResult(1.0, pace=0.5), GOOD),
        (PracticeResult(1.0, pace=0.05, is_sure=True), GOOD),
        (PracticeResult(1.0, pace=1.5, is_sure=True), GOOD),
        (PracticeResult(1.0, hints=1, pace=0.5, is_sure=True), HARD),
        (PracticeResult(0.7), HARD),
        (PracticeResult(0.4), AGAIN),
        (PracticeResult(0.0, hints=2), AGAIN),
    ],
)
def test_practice_answers_become_ratings(result: PracticeResult, rating: ReviewRating) -> None:
    assert rating_of(result) is rating


def test_leeches_are_suspended_at_eight_lapses_and_every_four() -> None:
    assert [lapses for lapses in range(25) if is_leech(lapses)] == [8, 12, 16, 20, 24]
    card = ReviewCard(START, ReviewPhase.REVIEW, None, 3.0, 6.0, START - timedelta(days=3), lapses=7)
    assert review(card, GOOD, START, ReviewSettings()).is_suspended is False
    leech = review(card, AGAIN, START, ReviewSettings())
    assert (leech.lapses, leech.is_suspended) == (8, True)


def test_failing_a_learning_step_is_no_lapse() -> None:
    card = replay([(AGAIN, START), (AGAIN, START + timedelta(minutes=1))], ReviewSettings())
    assert card.lapses == 0


def test_recall_curve_matches_the_package_on_whole_days() -> None:
    card = replay([(EASY, START)], ReviewSettings())
    theirs = fsrs.Card(
        card_id=1, state=fsrs.State.Review, stability=card.stability, difficulty=5, due=card.due, last_review=START
    )
    expected = [fsrs.Scheduler().get_card_retrievability(theirs, START + timedelta(days=day)) for day in (0, 1, 8, 100)]
    assert card.stability is not None
    days = np.array([0.0, 1.0, 8.0, 100.0])
    assert retrievability(np.full(4, card.stability), days) == pytest.approx(expected)
    assert retrievability(np.array([7.3]), np.array([7.3])) == pytest.approx([0.9])


def test_most_forgotten_comes_first_and_only_when_due() -> None:
    recall = np.array([0.85, 0.60, 0.95, 0.85])
    assert due_order(recall, np.array([True, True, False, True])).tolist() == [1, 0, 3]
    assert review_need(np.array([0.95, 0.90, 0.85, 0.80, 0.30])) == pytest.approx([0, 0.5, 0.75, 1, 1])


def test_review_gains_most_where_most_is_forgotten() -> None:
    gain = recall_gain(np.array([5.0, 5.0]), np.array([1.0, 20.0]), 7.0, np.array([12.0, 25.0]))
    assert 0 < gain[0] < gain[1] < 1


@given(st.lists(st.floats(-100, 100), max_size=150), st.integers(1, 60), st.sampled_from([1.0, 1.3, 2.0]))
@settings(deadline=None)
def test_exam_plan_sees_everything_without_a_pile(due: list[float], days: int, peak: float) -> None:
    plan = plan_reviews(np.array(due), days, peak)
    is_before = np.array(due) < days
    assert ((plan >= 0) & (plan < days))[is_before].all()
    assert (plan[~is_before] == -1).all()
    load = np.bincount(plan[is_before], minlength=days)
    mean = is_before.sum() / days
    assert load.max(initial=0) <= max(np.ceil(mean), peak * mean)


def test_exam_plan_keeps_due_days_where_there_is_room() -> None:
    due = np.repeat(np.arange(10.0), 10)
    assert (plan_reviews(due, 10) == due).all()
    overdue = plan_reviews(np.full(100, -3.0), 10)
    assert np.bincount(overdue).tolist() == [13] * 7 + [9]
    assert daily_limit(100, 10) == 13


def test_last_day_pile_is_spread_backwards() -> None:
    load = np.bincount(plan_reviews(np.full(100, 9.5), 10), minlength=10)
    assert load.max() == 13
    assert [later - earlier >= 0 for earlier, later in pairwise(load.tolist())] == [True] * 9


def test_impossible_plans_are_refused() -> None:
    for due, days, peak in (([1.0], 0, 1.3), ([1.0], 3, 0.9), ([np.nan], 3, 1.3)):
        with pytest.raises(ValueError, match="plan needs"):
            plan_reviews(np.array(due), days, peak)
