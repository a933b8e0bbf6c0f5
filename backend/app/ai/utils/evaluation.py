"""How good predicted probabilities are, how sure we are of it, and what another policy would have earned.

References:
    Fawcett, T. (2006). An introduction to ROC analysis.
    Guo, C. et al. (2017). On calibration of modern neural networks (expected calibration error).
    Efron, B., Tibshirani, R. (1993). An Introduction to the Bootstrap.
    Swaminathan, A., Joachims, T. (2015). The self-normalized estimator for counterfactual learning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
Metric: TypeAlias = Callable[[FloatArray, FloatArray], float]

CALIBRATION_BINS = 15
PROBABILITY_FLOOR = 1e-12
RIGHT_FROM = 0.5


class EvaluationError(ValueError):
    """Outcomes and predictions that cannot be scored: empty, of unequal length, NaN, or outside [0, 1]."""


@dataclass(frozen=True, slots=True)
class Scores:
    auc: float
    log_loss: float
    rmse: float
    ece: float


@dataclass(frozen=True, slots=True)
class CalibrationCurve:
    """Mean prediction, mean outcome and number of answers of each bin that has any. Shape (bins,)."""

    predicted: FloatArray
    observed: FloatArray
    answers: IntArray


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference with the bounds of its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """Estimated mean reward; `effective_answers` says how many logged answers really bear on it."""

    value: float
    standard_error: float
    effective_answers: float


def auc(outcomes: FloatArray, predictions: FloatArray) -> float:
    """Chance that a right answer was predicted above a wrong one, ties counting half; NaN with one kind of outcome.

    Partial credit counts as right from 0.5.
    """
    _check(outcomes, predictions)
    right = outcomes >= RIGHT_FROM
    rights, wrongs = int(right.sum()), int((~right).sum())
    if rights == 0 or wrongs == 0:
        return float("nan")
    _, positions, counts = np.unique(predictions, return_inverse=True, return_counts=True)
    middle_ranks = np.cumsum(counts) - (counts - 1) / 2.0
    rank_sum = float(middle_ranks[positions][right].sum())
    return (rank_sum - rights * (rights + 1) / 2.0) / (rights * wrongs)


def log_loss(outcomes: FloatArray, predictions: FloatArray) -> float:
    """Mean negative log likelihood in nats; predictions are kept 1e-12 away from 0 and 1."""
    _check(outcomes, predictions)
    chances = np.clip(predictions, PROBABILITY_FLOOR, 1.0 - PROBABILITY_FLOOR)
    return float(-(outcomes * np.log(chances) + (1.0 - outcomes) * np.log1p(-chances)).mean())


def rmse(outcomes: FloatArray, predictions: FloatArray) -> float:
    _check(outcomes, predictions)
    return float(np.sqrt(np.square(outcomes - predictions).mean()))


def calibration_curve(outcomes: FloatArray, predictions: FloatArray, bins: int = CALIBRATION_BINS) -> CalibrationCurve:
    """Predictions against outcomes in bins of equal width over [0, 1]."""
    _check(outcomes, predictions)
    position = np.minimum((predictions * bins).astype(np.int64), bins - 1)
    answers = np.bincount(position, minlength=bins)
    filled = answers > 0
    total = np.maximum(answers, 1)
    predicted = np.bincount(position, predictions, minlength=bins) / total
    observed = np.bincount(position, outcomes, minlength=bins) / total
    return CalibrationCurve(predicted[filled], observed[filled], answers[filled])


def expected_calibration_error(outcomes: FloatArray, predictions: FloatArray, bins: int = CALIBRATION_BINS) -> float:
    """Mean distance between prediction and outcome over the bins, weighted by their answers."""
    curve = calibration_curve(outcomes, predictions, bins)
    return float(np.average(np.abs(curve.predicted - curve.observed), weights=curve.answers))


def scores(outcomes: FloatArray, predictions: FloatArray) -> Scores:
    """All four figures.

    Raises:
        EvaluationError: If there are no answers, the lengths differ, or a value is NaN or outside [0, 1].
    """
    return Scores(
        auc=auc(outcomes, predictions),
        log_loss=log_loss(outcomes, predictions),
        rmse=rmse(outcomes, predictions),
        ece=expected_calibration_error(outcomes, predictions),
    )


def paired_bootstrap(
    students: IntArray,
    outcomes: FloatArray,
    predictions: tuple[FloatArray, FloatArray],
    metric: Metric,
    rng: np.random.Generator,
    *,
    resamples: int = 1000,
) -> Interval:
    """How much the first predictions' metric exceeds the second's, when students are drawn again with replacement.

    Answers of one student depend on each other, so whole students are drawn, the same ones for both predictions.
    Resamples where the metric is undefined are left out.
    """
    rows_of = _rows_by_student(students)
    first, second = predictions

    def difference(rows: IntArray) -> float:
        return metric(outcomes[rows], first[rows]) - metric(outcomes[rows], second[rows])

    drawn = rng.integers(len(rows_of), size=(resamples, len(rows_of)))
    samples = [difference(np.concatenate([rows_of[student] for student in draw])) for draw in drawn.tolist()]
    low, high = np.nanquantile(samples, [0.025, 0.975])
    return Interval(difference(np.arange(len(students))), float(low), float(high))


def off_policy_value(rewards: FloatArray, logged: FloatArray, target: FloatArray) -> PolicyValue:
    """Self-normalised inverse propensity estimate of the mean reward under another policy.

    Args:
        rewards: Reward of each logged choice. Shape (n,).
        logged: Propensity with which the logging policy made that choice, in (0, 1]. Shape (n,).
        target: Probability that the other policy would have made it, in [0, 1]. Shape (n,).

    Raises:
        EvaluationError: If lengths differ, a propensity lies outside its range, or the target makes no logged choice.
    """
    if not len(rewards) == len(logged) == len(target) > 0:
        raise EvaluationError("Rewards and propensities must be of equal, positive length.")
    if not (((logged > 0.0) & (logged <= 1.0)).all() and ((target >= 0.0) & (target <= 1.0)).all()):
        raise EvaluationError("A logged propensity must lie in (0, 1] and a target probability in [0, 1].")
    weights = target / logged
    if not (np.isfinite(rewards).all() and weights.sum() > 0.0):
        raise EvaluationError("Rewards must be finite and some logged choice possible under the target policy.")
    shares = weights / weights.sum()
    value = float(shares @ rewards)
    spread = float(np.sqrt(np.square(shares) @ np.square(rewards - value)))
    return PolicyValue(value, spread, float(1.0 / np.square(shares).sum()))


def _rows_by_student(students: IntArray) -> list[IntArray]:
    if len(students) == 0:
        raise EvaluationError("There are no answers to draw from.")
    order = np.argsort(students, kind="stable")
    starts = np.flatnonzero(np.diff(students[order])) + 1
    return [np.asarray(part, dtype=np.int64) for part in np.split(order, starts)]


def _check(outcomes: FloatArray, predictions: FloatArray) -> None:
    if len(outcomes) != len(predictions) or len(outcomes) == 0:
        raise EvaluationError("Outcomes and predictions must be of equal, positive length.")
    for values in (outcomes, predictions):
        if not ((values >= 0.0) & (values <= 1.0)).all():
            raise EvaluationError("Outcomes and predictions must lie in [0, 1].")
