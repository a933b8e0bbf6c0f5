"""A student's own forgetting curve, fitted on known memories."""

from datetime import timedelta

import fsrs
import numpy as np
import pytest

from app.ai.personalization import review_fit
from app.ai.personalization.review_fit import (
    LEAST_REVIEWS,
    LoggedReview,
    fit_memory,
    predicted_recall,
    review_history,
)
from app.ai.personalization.review_schedule import (
    DEFAULT_PARAMETERS,
    STANDARD,
    ReviewRating,
    are_valid,
    parameter_bounds,
    settings_of,
)
from app.domain.enums import ReviewFitOutcome
from tests.factories.review_logs import FORGETFUL, START, review_log, with_values

AGAIN, GOOD = ReviewRating.AGAIN, ReviewRating.GOOD


def test_a_forgetful_student_gets_a_curve_of_their_own() -> None:
    fit = fit_memory(review_log(FORGETFUL, 900, np.random.default_rng(1)))
    assert fit.outcome is ReviewFitOutcome.OWN
    assert fit.parameters is not None
    assert are_valid(fit.parameters)
    assert fit.log_loss is not None
    assert fit.standard_log_loss is not None
    assert fit.log_loss < fit.standard_log_loss - 0.01
    # Between what most need and the truth, nearer to the truth.
    assert abs(np.log(fit.parameters[2] / FORGETFUL[2])) < abs(np.log(fit.parameters[2] / DEFAULT_PARAMETERS[2]))
    fitted = {place for place, *_ in review_fit.FITTED}
    assert all(fit.parameters[place] == DEFAULT_PARAMETERS[place] for place in range(21) if place not in fitted)


def test_predictions_are_those_of_the_package() -> None:
    log, own = review_log(FORGETFUL, 60, np.random.default_rng(2)), with_values({2: 1.1, 20: 0.3})
    history = review_history(log)
    scheduler, cards = fsrs.Scheduler(own, enable_fuzzing=False), dict[object, fsrs.Card]()
    expected = np.full(len(log), np.nan)
    for number, each in enumerate(log):
        card = cards.get(each.card) or fsrs.Card(card_id=1, due=each.at)
        if history.tells[number] and card.last_review is not None:
            whole_days = card.last_review + timedelta(days=round(history.days[number]))
            expected[number] = scheduler.get_card_retrievability(card, whole_days)
        cards[each.card], _ = scheduler.review_card(card, fsrs.Rating(each.rating.value), each.at)
    found = predicted_recall(history, own)
    assert np.isnan(found).tolist() == np.isnan(expected).tolist()
    # The package counts whole days, a forecast goes by the hour.
    assert found == pytest.approx(expected, abs=0.02, nan_ok=True)


@pytest.mark.parametrize("rating", [AGAIN, GOOD])
def test_who_recalled_everything_or_nothing_keeps_the_standard(rating: ReviewRating) -> None:
    log = [
        LoggedReview(card, rating, START + timedelta(days=3 * turn, minutes=card))
        for turn in range(5)
        for card in range(80)
    ]
    fit = fit_memory(log)
    assert (fit.outcome, fit.parameters, fit.reviews) == (ReviewFitOutcome.UNIFORM, None, 320)


def test_few_reviews_keep_what_holds() -> None:
    log = review_log(FORGETFUL, 900, np.random.default_rng(3))
    assert fit_memory([]).outcome is ReviewFitOutcome.TOO_FEW
    few = fit_memory(log[:150], FORGETFUL)
    assert (few.outcome, few.parameters) == (ReviewFitOutcome.TOO_FEW, FORGETFUL)
    assert few.reviews < LEAST_REVIEWS
    same_day = [LoggedReview(card, GOOD, START + timedelta(minutes=turn)) for turn in range(10) for card in range(90)]
    assert (fit_memory(same_day).outcome, fit_memory(same_day).reviews) == (ReviewFitOutcome.TOO_FEW, 0)


def test_only_reviews_after_the_last_fit_judge_it() -> None:
    log = review_log(FORGETFUL, 700, np.random.default_rng(4))
    whole = fit_memory(log, FORGETFUL, log[0].at)
    late = fit_memory(log, FORGETFUL, log[-60].at)
    assert whole.held_out == pytest.approx(0.2 * whole.reviews, abs=2)
    assert late.held_out < whole.held_out
    unseen = fit_memory(log, FORGETFUL, log[-1].at)
    assert (unseen.outcome, unseen.held_out) == (ReviewFitOutcome.TOO_FEW, 0)


def test_a_curve_that_has_become_wrong_gives_way() -> None:
    log = review_log(DEFAULT_PARAMETERS, 700, np.random.default_rng(5))
    wrong = with_values({0: 0.01, 1: 0.02, 2: 0.03, 3: 0.05})
    fit = fit_memory(log, wrong)
    assert fit.outcome in {ReviewFitOutcome.STANDARD, ReviewFitOutcome.OWN}
    assert fit.present_log_loss is not None
    assert fit.standard_log_loss is not None
    assert fit.standard_log_loss < fit.present_log_loss


def test_times_out_of_order_are_borne() -> None:
    log = review_log(FORGETFUL, 600, np.random.default_rng(6))
    shaken = [each._replace(at=each.at - timedelta(days=2 * (number % 7 == 0))) for number, each in enumerate(log)]
    fit = fit_memory(shaken)
    assert fit.parameters is None or are_valid(fit.parameters)
    assert all(loss is None or np.isfinite(loss) for loss in (fit.log_loss, fit.standard_log_loss))


def test_long_logs_are_read_from_the_end_by_whole_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    log = review_log(FORGETFUL, 600, np.random.default_rng(7))
    monkeypatch.setattr(review_fit, "MOST_REVIEWS", 300)
    kept = review_fit._latest_cards(log)
    assert 200 < len(kept) <= 300
    cards = {each.card for each in kept}
    assert [each for each in log if each.card in cards] == list(kept)
    assert log[-1] in kept


@pytest.mark.parametrize(
    "damage",
    [
        DEFAULT_PARAMETERS[:20],
        (float("nan"), *DEFAULT_PARAMETERS[1:]),
        (float("inf"), *DEFAULT_PARAMETERS[1:]),
        (-1.0, *DEFAULT_PARAMETERS[1:]),
        (),
    ],
)
def test_damaged_parameters_give_way_to_the_standard(damage: tuple[float, ...]) -> None:
    assert not are_valid(damage)
    assert settings_of(damage) == STANDARD
    assert settings_of(None) == STANDARD


def test_bounds_are_those_of_the_package() -> None:
    low = tuple(value for value, _ in parameter_bounds())
    high = tuple(value for _, value in parameter_bounds())
    assert fsrs.Scheduler(low).parameters == low
    assert fsrs.Scheduler(high).parameters == high
    assert settings_of(FORGETFUL).parameters == FORGETFUL
