"""Trained functions from the inputs of a situation to the logit of a right answer, served without scikit-learn.

References:
    Gervet, T. et al. (2020). When is deep learning the best approach to knowledge tracing? (logistic head, slopes).
    Hastie, T., Tibshirani, R., Friedman, J. (2009). The Elements of Statistical Learning, chapter 11 (perceptron).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.user_modeling.situation import Situation

FloatArray: TypeAlias = NDArray[np.float64]
CLIP = 6.0
NO_SLOPES = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Standardiser:
    """Centre and spread of each input in training. Shape (n_inputs,)."""

    centre: FloatArray
    spread: FloatArray

    def apply(self, inputs: FloatArray | NDArray[np.float32]) -> FloatArray:
        """Standard scores, cut off at six spreads. Shape (..., n_inputs)."""
        scores: FloatArray = np.minimum(np.maximum((inputs - self.centre) / self.spread, -CLIP), CLIP)
        return scores


@dataclass(frozen=True, slots=True)
class LogisticHead:
    """`slopes` has for a skill id the weights of its presence, its wins and its losses, each a share of 1 / |K|."""

    weights: FloatArray
    intercept: float
    slopes: Mapping[str, tuple[float, float, float]]

    def logits(self, scores: FloatArray, skills: Sequence[Sequence["SkillTally"]]) -> FloatArray:
        """Shape (n,) for scores of shape (n, n_inputs) and n lists of tallies."""
        slopes = [self._slope(tallies) for tallies in skills]
        return np.asarray(scores @ self.weights + self.intercept + np.array(slopes))

    def contributions(self, scores: FloatArray) -> FloatArray:
        """Share of each input in the logit of one situation. Shape (n_inputs,)."""
        return np.asarray(scores * self.weights)

    def _slope(self, tallies: Sequence["SkillTally"]) -> float:
        total = 0.0
        for tally in tallies:
            presence, wins, losses = self.slopes.get(tally.skill_id, NO_SLOPES)
            total += tally.share * (presence + wins * tally.wins + losses * tally.losses)
        return total


@dataclass(frozen=True, slots=True)
class NeuralHead:
    """Perceptrons of equal shape whose logits are averaged; rectified linear inside.

    `weights[layer]` has shape (members, inputs, outputs), `biases[layer]` (members, 1, outputs).
    """

    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]

    def logits(self, scores: FloatArray) -> FloatArray:
        """Shape (n,) for scores of shape (n, n_inputs)."""
        signal = np.asarray(scores, dtype=np.float32)[None]
        last = len(self.weights) - 1
        for layer, (weights, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            signal = signal @ weights + bias
            if layer < last:
                signal = np.maximum(signal, 0.0, out=signal)
        return np.asarray(signal[:, :, 0].mean(axis=0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class SkillTally:
    """Log counts of a learner's wins and losses on one of a question's |K| skills; `share` is 1 / |K|."""

    skill_id: str
    share: float
    wins: float
    losses: float


def skill_tallies(situation: Situation) -> list[SkillTally]:
    skill_ids, states = situation.question.skill_ids, situation.encounter.skills
    return [
        SkillTally(
            skill_id, 1.0 / len(states), math.log1p(state.wins), math.log1p(max(0.0, state.answers - state.wins))
        )
        for skill_id, state in zip(skill_ids, states, strict=True)
    ]
