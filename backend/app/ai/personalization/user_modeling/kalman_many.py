"""The Kalman-Rasch prediction for many candidate questions of one learner at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.kalman import PROBIT_SCALE
from app.ai.personalization.user_modeling.state import LearnerState, NotFiniteError, Population, SkillState

FloatArray: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Questions to score; every array has shape (n,). `skill_*` and `offset` come from `skill_terms`, item by item."""

    skill_mean: FloatArray
    skill_variance: FloatArray
    offset: FloatArray
    difficulty: FloatArray
    answers: FloatArray
    guess: FloatArray


@dataclass(frozen=True, slots=True)
class Predictions:
    """Arrays of shape (n,), in the order of the candidates; see `Prediction`."""

    eta: FloatArray
    probability: FloatArray
    variance: FloatArray


def skill_terms(skills: Sequence[SkillState], offsets: Sequence[float]) -> tuple[float, float, float]:
    """Mean, variance of the mean, and mean offset of one question's skills; zeros for a question without skills."""
    count = len(skills)
    if count == 0:
        return 0.0, 0.0, 0.0
    mean = sum(skill.mean for skill in skills) / count
    variance = sum(skill.variance for skill in skills) / (count * count)
    return mean, variance, sum(offsets) / count


def predict_many(population: Population, learner: LearnerState, candidates: Candidates) -> Predictions:
    """`predict` for each candidate, without forgetting.

    Raises:
        NotFiniteError: If any value is NaN or infinite, a variance negative, or a guess outside [0, 1).
    """
    eta = population.intercept + learner.mean + candidates.skill_mean - candidates.offset - candidates.difficulty
    item_variance = population.item_variance / (1.0 + population.item_shrink * candidates.answers)
    variance = learner.variance + candidates.skill_variance + item_variance
    if not (np.isfinite(eta).all() and np.isfinite(variance).all() and (variance >= 0.0).all()):
        raise NotFiniteError("The learner model needs finite values and variances that are not negative.")
    if not ((candidates.guess >= 0.0) & (candidates.guess < 1.0)).all():
        raise NotFiniteError("The chance of guessing must lie in [0, 1).")
    moderated = eta / np.sqrt(1.0 + PROBIT_SCALE * variance)
    chance = 0.5 * (1.0 + np.tanh(0.5 * moderated))
    return Predictions(eta, candidates.guess + (1.0 - candidates.guess) * chance, variance)
