import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss as reference_log_loss
from sklearn.metrics import roc_auc_score

from app.ai.utils.evaluation import (
    EvaluationError,
    LoggedChoices,
    auc,
    calibration_curve,
    earlier_means,
    expected_calibration_error,
    log_loss,
    off_policy_estimates,
    paired_bootstrap,
    rmse,
    scores,
)

RIGHT = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
CHANCE = np.array([0.9, 0.4, 0.4, 0.7, 0.6])


def test_auc_counts_ties_half() -> None:
    assert auc(RIGHT, CHANCE) == pytest.approx(4.5 / 6)
    assert auc(RIGHT, np.full(5, 0.3)) == 0.5


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10)), min_size=2, max_size=60))
def test_auc_and_log_loss_agree_with_the_reference(pairs: list[tuple[bool, int]]) -> None:
    outcomes = np.array([float(right) for right, _ in pairs])
    predictions = np.array([0.05 + 0.09 * level for _, level in pairs])
    if 0.0 < outcomes.mean() < 1.0:
        assert auc(outcomes, predictions) == pytest.approx(roc_auc_score(outcomes, predictions))
        assert log_loss(outcomes, predictions) == pytest.approx(reference_log_loss(outcomes, predictions))


def test_auc_of_one_kind_of_outcome_is_undefined() -> None:
    assert math.isnan(auc(np.ones(3), CHANCE[:3]))


def test_rmse_and_log_loss_by_hand() -> None:
    assert rmse(np.array([1.0, 0.0]), np.array([0.7, 0.1])) == pytest.approx(math.sqrt(0.05))
    assert log_loss(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == pytest.approx(math.log(2))
    assert log_loss(np.array([1.0]), np.array([0.0])) == pytest.approx(-math.log(1e-12))


def test_calibration_of_two_bins() -> None:
    outcomes, predictions = np.array([0.0, 1.0, 1.0, 1.0]), np.array([0.1, 0.3, 0.6, 1.0])
    curve = calibration_curve(outcomes, predictions, bins=2)
    assert curve.predicted.tolist() == pytest.approx([0.2, 0.8])
    assert curve.observed.tolist() == pytest.approx([0.5, 1.0])
    assert curve.answers.tolist() == [2, 2]
    assert expected_calibration_error(outcomes, predictions, bins=2) == pytest.approx(0.25)


def test_scores_are_the_single_figures() -> None:
    figures = scores(RIGHT, CHANCE)
    assert (figures.auc, figures.rmse) == (auc(RIGHT, CHANCE), rmse(RIGHT, CHANCE))
    assert figures.ece == expected_calibration_error(RIGHT, CHANCE)


@pytest.mark.parametrize(
    ("outcomes", "predictions"),
    [([], []), ([1.0], [0.5, 0.5]), ([1.0], [math.nan]), ([2.0], [0.5]), ([1.0], [1.1])],
)
def test_unusable_predictions_are_refused(outcomes: list[float], predictions: list[float]) -> None:
    with pytest.raises(EvaluationError):
        scores(np.array(outcomes), np.array(predictions))


def test_paired_bootstrap_finds_a_sure_difference_and_no_other() -> None:
    rng = np.random.default_rng(4)
    students = np.repeat(np.arange(40), 25)
    chance = rng.uniform(0.1, 0.9, 1000)
    outcomes = (rng.random(1000) < chance).astype(np.float64)
    blurred = np.clip(chance + rng.normal(0, 0.3, 1000), 0.01, 0.99)
    better = paired_bootstrap(students, outcomes, (chance, blurred), auc, rng, resamples=200)
    assert 0.0 < better.low < better.value < better.high
    same = paired_bootstrap(students, outcomes, (chance, chance), auc, rng, resamples=20)
    assert (same.low, same.value, same.high) == (0.0, 0.0, 0.0)


def test_bootstrap_draws_whole_students() -> None:
    """With one student every resample is the data itself, so the interval has no width."""
    interval = paired_bootstrap(
        np.zeros(5, dtype=np.int64), RIGHT, (CHANCE, 1.0 - CHANCE), rmse, np.random.default_rng(0), resamples=10
    )
    assert interval.low == interval.value == interval.high
    with pytest.raises(EvaluationError):
        paired_bootstrap(np.array([], dtype=np.int64), RIGHT, (CHANCE, CHANCE), rmse, np.random.default_rng(0))


def choices(rewards: list[float], logged: list[float], target: list[float]) -> LoggedChoices:
    columns = (np.array(column, dtype=np.float64) for column in (rewards, logged, target))
    return LoggedChoices(np.arange(len(rewards)), *columns, baseline=np.full(len(rewards), 0.5))


def test_off_policy_estimates_by_hand() -> None:
    found = off_policy_estimates(choices([1, 0, 1], [0.5, 0.25, 1.0], [0.5, 0.5, 0.5]), np.random.default_rng(0))
    assert found.ips.value == pytest.approx((1 + 0.5) / 3)
    assert found.snips.value == pytest.approx(1.5 / 3.5)
    assert found.doubly_robust.value == pytest.approx(0.5 + (0.5 - 1.0 + 0.25) / 3)
    assert found.effective_choices == pytest.approx(3.5**2 / 5.25)


def test_off_policy_estimates_find_what_another_policy_earns() -> None:
    """Two arms that earn 0.8 and 0.4, logged 30 to 70: what would 90 to 10 earn?"""
    rng = np.random.default_rng(2)
    arms, students = rng.random(6_000) < 0.3, np.repeat(np.arange(300), 20)
    rewards = (rng.random(6_000) < np.where(arms, 0.8, 0.4)).astype(np.float64)
    logged, target = np.where(arms, 0.3, 0.7), np.where(arms, 0.9, 0.1)
    baseline = earlier_means(students, rewards)
    found = off_policy_estimates(LoggedChoices(students, rewards, logged, target, baseline), rng, resamples=200)
    for interval in (found.ips, found.snips, found.doubly_robust):
        assert interval.low < 0.76 < interval.high
    width = {name: getattr(found, name).high - getattr(found, name).low for name in ("ips", "snips", "doubly_robust")}
    assert max(width["snips"], width["doubly_robust"]) < width["ips"]


def test_the_running_policy_earns_what_it_earned() -> None:
    one = choices([1, 0, 1, 1], [0.2, 0.4, 0.9, 1.0], [0.2, 0.4, 0.9, 1.0])
    found = off_policy_estimates(one, np.random.default_rng(0), resamples=50)
    assert [found.ips.value, found.snips.value, found.doubly_robust.value] == pytest.approx([0.75] * 3)
    assert found.effective_choices == pytest.approx(4)


def test_a_baseline_knows_only_what_came_before() -> None:
    students, rewards = np.array([0, 0, 1, 1]), np.array([1.0, 1.0, 0.0, 0.0])
    assert earlier_means(students, rewards).tolist() == pytest.approx([0.5, 3.5 / 6, 0.5, 2.5 / 6])


@pytest.mark.parametrize(
    ("reward", "logged", "target"),
    [(1.0, 0.0, 0.5), (1.0, 0.5, 1.5), (math.nan, 0.5, 0.5), (1.0, 0.5, 0.0), (1.0, math.nan, 0.5)],
)
def test_impossible_propensities_are_refused(reward: float, logged: float, target: float) -> None:
    with pytest.raises(EvaluationError):
        off_policy_estimates(choices([reward], [logged], [target]), np.random.default_rng(0))


def test_off_policy_lengths_must_agree() -> None:
    with pytest.raises(EvaluationError):
        off_policy_estimates(choices([1.0], [], [1.0]), np.random.default_rng(0))
