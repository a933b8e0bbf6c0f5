"""How good predicted probabilities and rankings are, how sure we are, and what another policy would have earned.

References:
    Fawcett, T. (2006). An introduction to ROC analysis.
    Guo, C. et al. (2017). On calibration of modern neural networks (expected calibration error).
    Efron, B., Tibshirani, R. (1993). An Introduction to the Bootstrap.
    Horvitz, D., Thompson, D. (1952). A generalization of sampling without replacement from a finite universe.
    Swaminathan, A., Joachims, T. (2015). The self-normalized estimator for counterfactual learning.
    Dudik, M., Langford, J., Li, L. (2011). Doubly robust policy evaluation and learning.
"""

import math
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
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
    """A figure with the bounds of its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LoggedChoices:
    """Choices of a running policy. Every array has shape (n,).

    `logged` is the propensity with which each choice was made, in (0, 1], `target` the probability that the other
    policy would have made it, in [0, 1]; `baseline` is what reward to expect without knowing the choice.
    """

    students: IntArray
    rewards: FloatArray
    logged: FloatArray
    target: FloatArray
    baseline: FloatArray


@dataclass(frozen=True, slots=True)
class OffPolicyEstimates:
    """Mean reward per choice by three estimators; `effective_choices` says how many really bear on it."""

    ips: Interval
    snips: Interval
    doubly_robust: Interval
    effective_choices: float


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
    first, second = predictions

    def difference(rows: IntArray) -> float:
        return metric(outcomes[rows], first[rows]) - metric(outcomes[rows], second[rows])

    return _intervals((difference,), students, rng, resamples)[0]


def off_policy_estimates(
    choices: LoggedChoices, rng: np.random.Generator, *, resamples: int = 1000
) -> OffPolicyEstimates:
    """What another policy would have earned per choice, from the choices of the one that was running.

    Inverse propensity weighting is unbiased but noisy; dividing by the sum of the weights trades a little bias for much
    less noise; the doubly robust estimate weighs only what the baseline does not foresee. Intervals are of a bootstrap
    over students.

    Raises:
        EvaluationError: If lengths differ, a propensity lies outside its range, or the target makes no logged choice.
    """
    _check_choices(choices)
    rewards, baseline = choices.rewards, choices.baseline
    weights = choices.target / choices.logged

    def ips(rows: IntArray) -> float:
        return float((weights[rows] * rewards[rows]).mean())

    def snips(rows: IntArray) -> float:
        total = weights[rows].sum()
        return float(weights[rows] @ rewards[rows] / total) if total > 0.0 else float("nan")

    def doubly_robust(rows: IntArray) -> float:
        return float((baseline[rows] + weights[rows] * (rewards[rows] - baseline[rows])).mean())

    first, second, third = _intervals((ips, snips, doubly_robust), choices.students, rng, resamples)
    return OffPolicyEstimates(first, second, third, float(weights.sum() ** 2 / np.square(weights).sum()))


def earlier_means(students: IntArray, rewards: FloatArray, prior_answers: float = 5.0) -> FloatArray:
    """A baseline for each choice that knows nothing of it: the student's mean reward before, pulled to the mean of all.

    Rows of one student must be in their order. Shape (n,).
    """
    rows_of = _rows_by_student(students)
    overall, baseline = float(rewards.mean()), np.empty(len(rewards))
    for rows in rows_of:
        before = np.concatenate([[0.0], np.cumsum(rewards[rows])[:-1]])
        baseline[rows] = (before + prior_answers * overall) / (np.arange(len(rows)) + prior_answers)
    return baseline


def _check_choices(choices: LoggedChoices) -> None:
    columns = (choices.rewards, choices.logged, choices.target, choices.baseline)
    if len({len(column) for column in (choices.students, *columns)}) != 1 or len(choices.rewards) == 0:
        raise EvaluationError("All columns of the choices must be of equal, positive length.")
    if not (((choices.logged > 0.0) & (choices.logged <= 1.0)).all() and _are_shares(choices.target)):
        raise EvaluationError("A logged propensity must lie in (0, 1] and a target probability in [0, 1].")
    if not (np.isfinite(choices.rewards).all() and np.isfinite(choices.baseline).all() and choices.target.any()):
        raise EvaluationError("Rewards must be finite and some logged choice possible under the target policy.")


def _are_shares(values: FloatArray) -> bool:
    return bool(((values >= 0.0) & (values <= 1.0)).all())


def _intervals(
    estimates: Sequence[Callable[[IntArray], float]], students: IntArray, rng: np.random.Generator, resamples: int
) -> list[Interval]:
    """Each estimate on all rows, and its spread when students are drawn again, the same ones for every estimate."""
    rows_of = _rows_by_student(students)
    drawn = rng.integers(len(rows_of), size=(resamples, len(rows_of))).tolist()
    samples = np.empty((resamples, len(estimates)))
    for sample, draw in zip(samples, drawn, strict=True):
        rows = np.concatenate([rows_of[student] for student in draw])
        sample[:] = [estimate(rows) for estimate in estimates]
    everything = np.arange(len(students))
    bounds = np.nanquantile(samples, [0.025, 0.975], axis=0).T.tolist()
    return [Interval(estimate(everything), *bound) for estimate, bound in zip(estimates, bounds, strict=True)]


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


def precision_recall(wanted: Collection[Hashable], found: Collection[Hashable]) -> tuple[float, float]:
    """Share of what was found that was wanted, and share of what was wanted that was found; 1 of nothing."""
    hits = len(set(wanted) & set(found))
    return hits / len(set(found)) if found else 1.0, hits / len(set(wanted)) if wanted else 1.0


def recall_at(wanted: Collection[Hashable], ranking: Sequence[Hashable], depth: int) -> float:
    """Share of the wanted things among the first ``depth`` of a ranking; 1 when nothing is wanted."""
    return precision_recall(wanted, ranking[:depth])[1]


def reciprocal_rank(wanted: Collection[Hashable], ranking: Sequence[Hashable]) -> float:
    """One through the rank of the first wanted thing, 0 when there is none; its mean over queries is the MRR."""
    return next((1.0 / rank for rank, each in enumerate(ranking, start=1) if each in wanted), 0.0)


def ndcg_at(gains: Mapping[Hashable, float], ranking: Sequence[Hashable], depth: int) -> float:
    """Discounted gain of a ranking, as a share of that of the best ranking.

    Args:
        gains: Worth of each relevant thing, above 0; all others are worth 0.
        ranking: Best first, each thing once.
        depth: Ranks that count.

    Returns:
        A value in [0, 1]; 1 when nothing is relevant.

    References:
        Järvelin, K., Kekäläinen, J. (2002). Cumulated gain-based evaluation of IR techniques.
    """
    ideal = _discounted(sorted(gains.values(), reverse=True)[:depth])
    return _discounted([gains.get(each, 0.0) for each in ranking[:depth]]) / ideal if ideal > 0.0 else 1.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
