r"""A small hidden profile of each learner: what answers on one kind of question tell of another kind.

The learner's vector $z = (m, z_1 \ldots z_d)$ is tracked by the same extended Kalman filter as the scalar ability;
question $i$ reads it through $a_i = (1, l_i)$, its loadings, so that $\eta$ gains $a_i \cdot z$ in place of $m_u$.

References:
    Reckase, M. (2009). Multidimensional Item Response Theory.
    Kalman, R. (1960). A new approach to linear filtering and prediction problems.
"""

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass

from app.ai.personalization.user_modeling.state import NotFiniteError, Population

FACTOR_DRIFT = 0.002


@dataclass(frozen=True, slots=True)
class FactorState:
    """`mean` has 1 + d entries, `covariance` is (1 + d) by (1 + d); both hold for one fitted model only."""

    mean: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class FactorReading:
    """What a question sees of a profile: level $a z$, its variance, and the covariance of each entry with it."""

    level: float
    variance: float
    covariance: tuple[float, ...]


def new_factors(population: Population, dimensions: int) -> FactorState:
    """The prior: general ability as in the population, factors of variance 1, all independent."""
    size = 1 + dimensions
    variances = (population.user_variance, *(1.0 for _ in range(dimensions)))
    rows = tuple(tuple(variances[row] if row == column else 0.0 for column in range(size)) for row in range(size))
    return FactorState((population.user_mean, *(0.0 for _ in range(dimensions))), rows)


def read_factors(state: FactorState, loadings: Sequence[float]) -> FactorReading:
    """Project the profile on one question.

    Raises:
        ValueError: If the loadings do not have d entries.
        NotFiniteError: If any value is NaN or infinite.
    """
    if len(loadings) + 1 != len(state.mean):
        raise ValueError("A profile and a question must have the same number of factors.")
    direction = (1.0, *loadings)
    covariance = tuple([_dot(row, direction) for row in state.covariance])
    level, variance = _dot(state.mean, direction), _dot(covariance, direction)
    if not (math.isfinite(level) and math.isfinite(variance)):
        raise NotFiniteError("A learner's profile needs finite values.")
    return FactorReading(level, max(variance, 0.0), covariance)


def step_factors(
    population: Population, state: FactorState, reading: FactorReading, gain: float, shrink: float
) -> FactorState:
    """The profile after an answer; `gain` and `shrink` are those of `kalman.gain` at this reading."""
    mean = tuple([old + link * gain for old, link in zip(state.mean, reading.covariance, strict=True)])
    rows = []
    for index, (row, link) in enumerate(zip(state.covariance, reading.covariance, strict=True)):
        scale = shrink * link
        moved = [old - scale * other for old, other in zip(row, reading.covariance, strict=True)]
        moved[index] += FACTOR_DRIFT if index else population.user_drift
        rows.append(tuple(moved))
    return FactorState(mean, tuple(rows))


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return math.fsum(map(operator.mul, left, right))
