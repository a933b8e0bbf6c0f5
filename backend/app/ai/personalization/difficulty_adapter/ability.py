"""Ability estimated as the mean of its posterior on a fixed grid (EAP).

References:
    Bock, R. D., & Mislevy, R. J. (1982). Adaptive EAP estimation of ability in a microcomputer environment. Applied
    Psychological Measurement, 6(4), 431-444.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from app.ai.personalization.difficulty_adapter.item_response import FloatArray, ItemBank

NODES: Final[FloatArray] = np.linspace(-4.0, 4.0, 61)
NORMAL_975: Final = 1.959964


@dataclass(frozen=True, slots=True)
class AbilityPosterior:
    """What the answers so far say; both arrays are unnormalised logarithms on `NODES`, shape ``(61,)``."""

    log_prior: FloatArray
    log_likelihood: FloatArray

    @property
    def weights(self) -> FloatArray:
        """Normalised posterior, shape ``(61,)``."""
        logarithm = self.log_prior + self.log_likelihood
        weights: FloatArray = np.exp(logarithm - logarithm.max())
        weights /= weights.sum()
        return weights


@dataclass(frozen=True, slots=True)
class AbilityEstimate:
    """Posterior mean and standard deviation, logits."""

    mean: float
    standard_error: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 % credible interval under a normal posterior."""
        margin = NORMAL_975 * self.standard_error
        return self.mean - margin, self.mean + margin


def start_ability(mean: float = 0.0, standard_deviation: float = 1.0) -> AbilityPosterior:
    """Normal prior; a placement may start from what practice already says about the student.

    Raises:
        ValueError: If the mean is outside the grid or the standard deviation is not positive and finite.
    """
    if not (abs(mean) <= NODES[-1] and 0.0 < standard_deviation < math.inf):
        raise ValueError("The prior needs a mean in [-4, 4] and a positive standard deviation.")
    return AbilityPosterior(-0.5 * ((NODES - mean) / standard_deviation) ** 2, np.zeros_like(NODES))


def observe(posterior: AbilityPosterior, bank: ItemBank, index: int, score: float) -> AbilityPosterior:
    """The posterior after question `index` was scored; partial credit counts as that share of a right answer.

    Raises:
        ValueError: If `score` is outside [0, 1].
    """
    if not 0.0 <= score <= 1.0:
        raise ValueError(f"A score must lie in [0, 1], not {score}.")
    logit = bank.discrimination[index] * (NODES - bank.difficulty[index])
    log_wrong = math.log1p(-bank.guessing[index]) - np.logaddexp(0.0, logit)
    log_right = np.log1p(-np.exp(log_wrong)) if bank.guessing[index] else -np.logaddexp(0.0, -logit)
    gained = score * log_right + (1.0 - score) * log_wrong
    return replace(posterior, log_likelihood=posterior.log_likelihood + gained)


def estimate(posterior: AbilityPosterior) -> AbilityEstimate:
    weights = posterior.weights
    mean = float(weights @ NODES)
    variance = float(weights @ (NODES - mean) ** 2)
    return AbilityEstimate(mean, math.sqrt(variance))


def chance_above(posterior: AbilityPosterior, cut: float) -> float:
    """Posterior probability that ability exceeds `cut`, linear between nodes."""
    cumulative = np.cumsum(posterior.weights)
    midpoints = cumulative - 0.5 * posterior.weights
    return float(1.0 - np.interp(cut, NODES, midpoints, left=0.0, right=1.0))
