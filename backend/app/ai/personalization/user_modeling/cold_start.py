"""Difficulty of a question that nobody, or hardly anybody, has answered yet.

Independent estimates are combined by the inverse of their variances, and every answer takes weight from them.

References:
    Cochran, W. (1954). The combination of estimates from different experiments.
    Settles, B., LaFlair, G., Hagiwara, M. (2020). Machine learning-driven language assessment (difficulty from text).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
ASK_NEIGHBOURS = 5
LEAST_SIMILARITY = 0.5
NEIGHBOUR_VARIANCE = 0.5
"""Variance of the difference in difficulty between a question and one of the same wording, in squared logits."""


class ColdStartError(ValueError):
    """An estimate that is NaN, or has no positive variance."""


class Basis(StrEnum):
    """What an estimate rests on."""

    SKILL = "skill"
    NEIGHBOURS = "neighbours"
    METADATA = "metadata"
    TEXT = "text"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difficulty in logits with its variance in squared logits; `answers` is 0 for what is only predicted."""

    basis: Basis
    difficulty: float
    variance: float
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The combined value; `weights` gives each basis' share, adding up to 1."""

    value: float
    standard_error: float
    weights: tuple[tuple[Basis, float], ...]
    answers: int

    @property
    def is_predicted(self) -> bool:
        """Whether nobody has answered the question yet."""
        return self.answers == 0


def combine(estimates: Sequence[Estimate]) -> Difficulty:
    """Precision-weighted mean of independent estimates.

    Raises:
        ColdStartError: If there is none, a difficulty is not finite, or a variance is not positive and finite.
    """
    if not estimates:
        raise ColdStartError("A difficulty needs at least one estimate.")
    for estimate in estimates:
        if not (math.isfinite(estimate.difficulty) and math.isfinite(estimate.variance) and estimate.variance > 0.0):
            raise ColdStartError("An estimate must be finite with a positive variance.")
    precisions = [1.0 / estimate.variance for estimate in estimates]
    total = sum(precisions)
    value = sum(estimate.difficulty * share for estimate, share in zip(estimates, precisions, strict=True)) / total
    weights = tuple((one.basis, share / total) for one, share in zip(estimates, precisions, strict=True))
    return Difficulty(value, math.sqrt(1.0 / total), weights, sum(estimate.answers for estimate in estimates))


def from_skill(deviations: FloatArray, prior_variance: float = 1.0) -> Estimate:
    """Mean and spread of the difficulties of the skill's calibrated questions, a prior of 0 counting as two of them.

    Args:
        deviations: Difficulties of calibrated questions with the same skills, in logits. Shape (n,).
        prior_variance: Variance of question difficulties in the whole bank.
    """
    count = len(deviations)
    mean = float(deviations.sum()) / (count + 2.0)
    spread = float(np.square(deviations - mean).sum()) + 2.0 * prior_variance
    variance = spread / (count + 2.0)
    return Estimate(Basis.SKILL, mean, variance + variance / (count + 2.0))


def from_neighbours(similarities: FloatArray, difficulties: FloatArray, variances: FloatArray) -> Estimate | None:
    """Mean over the nearest calibrated questions, weighted by likeness; None when none is near enough.

    Args:
        similarities: Cosine similarity of embeddings with the new question. Shape (n,).
        difficulties: Difficulties of those questions, in logits. Shape (n,).
        variances: Squared standard errors of those difficulties. Shape (n,).

    Raises:
        ColdStartError: If lengths differ or a value is NaN.
    """
    if not len(similarities) == len(difficulties) == len(variances):
        raise ColdStartError("Every neighbour needs a similarity, a difficulty and a variance.")
    if not (np.isfinite(similarities).all() and np.isfinite(difficulties).all() and np.isfinite(variances).all()):
        raise ColdStartError("Neighbours must be finite.")
    nearest = np.argsort(-similarities, kind="stable")[:ASK_NEIGHBOURS]
    nearest = nearest[similarities[nearest] > LEAST_SIMILARITY]
    if len(nearest) == 0:
        return None
    likeness = (similarities[nearest] - LEAST_SIMILARITY) / (1.0 - LEAST_SIMILARITY)
    precision = 1.0 / (variances[nearest] + NEIGHBOUR_VARIANCE / np.maximum(likeness, 1e-6))
    mean = float(precision @ difficulties[nearest] / precision.sum())
    return Estimate(Basis.NEIGHBOURS, mean, float(1.0 / precision.mean()))


def from_metadata(level: float, slope: float, variance: float) -> Estimate:
    """A stated level, 0 (easiest) to 1 (hardest), on a logit scale of `slope` per unit around the middle.

    `variance` is the mean squared error of such statements on calibrated questions.

    Raises:
        ColdStartError: If the level lies outside [0, 1].
    """
    if not 0.0 <= level <= 1.0:
        raise ColdStartError("A stated level must lie in [0, 1].")
    return Estimate(Basis.METADATA, slope * (level - 0.5), variance)


def from_stated(difficulty: float, variance: float) -> Estimate:
    """What an author, a file or a language model said of the question, in logits; see `stated_variance`."""
    return Estimate(Basis.METADATA, difficulty, variance)


def stated_variance(errors: FloatArray, prior_variance: float = 1.0) -> float:
    """Mean squared error of stated difficulties, a prior value counting as two statements.

    Args:
        errors: Calibrated minus stated difficulty of questions that have both, in logits. Shape (n,).
        prior_variance: What is expected before any such question.
    """
    return float((np.square(errors).sum() + 2.0 * prior_variance) / (len(errors) + 2.0))


def from_answers(difficulty: float, information: float, answers: int) -> Estimate:
    """What the answers themselves say; `information` is their sum of p(1 - p).

    Raises:
        ColdStartError: If there is no information.
    """
    if not information > 0.0:
        raise ColdStartError("Answers without information say nothing of a difficulty.")
    return Estimate(Basis.ANSWERS, difficulty, 1.0 / information, answers)
