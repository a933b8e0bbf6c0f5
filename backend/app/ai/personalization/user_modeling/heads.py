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
NEURAL_SHARE = 0.7
"""Weight of the perceptrons' logit where the logistic head's has the rest."""
NO_SLOPES = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Standardiser:
    """Centre and spread of each input in training. Shape (n_inputs,)."""

    centre: FloatArray
    spread: FloatArray

    def apply(self, inputs: FloatArray | NDArray[np.float32]) -> FloatArray:
        """Standard scores, cut off at six spreads. Shape (..., n_inputs)."""
        scores: FloatArray = np.subtract(inputs, self.centre, dtype=np.float64)
        scores /= self.spread
        np.maximum(scores, -CLIP, out=scores)
        return np.minimum(scores, CLIP, out=scores)


@dataclass(frozen=True, slots=True)
class LogisticHead:
    """`slopes` has for a skill id the weights of its presence, its wins and its losses, each a share of 1 / |K|."""

    weights: FloatArray
    intercept: float
    slopes: Mapping[str, tuple[float, float, float]]

    def logits(self, scores: FloatArray, skills: Sequence[Sequence["SkillTally"]]) -> FloatArray:
        """Shape (n,) for scores of shape (n, n_inputs) and n lists of tallies."""
        return np.asarray(self.linear(scores) + np.array([self.slope(tallies) for tallies in skills]))

    def linear(self, scores: FloatArray) -> FloatArray:
        """The logits without the skills' slopes. Shape (n,)."""
        return np.asarray(scores @ self.weights + self.intercept)

    def skill_slope(self, skill_id: str, answers: float, wins: float) -> float:
        """What one skill adds where it is the only one; 0 for a skill the fit never met."""
        presence, of_wins, of_losses = self.slopes.get(skill_id, NO_SLOPES)
        return presence + of_wins * math.log1p(wins) + of_losses * math.log1p(max(0.0, answers - wins))

    def contributions(self, scores: FloatArray) -> FloatArray:
        """Share of each input in the logit of one situation. Shape (n_inputs,)."""
        return np.asarray(scores * self.weights)

    def slope(self, tallies: Sequence["SkillTally"]) -> float:
        """What the skills of one question add to its logit."""
        total = 0.0
        for tally in tallies:
            presence, wins, losses = self.slopes.get(tally.skill_id, NO_SLOPES)
            total += tally.share * (presence + wins * tally.wins + losses * tally.losses)
        return total


@dataclass(frozen=True, slots=True)
class NeuralHead:
    """Perceptrons with one rectified hidden layer, laid side by side; their logits are averaged.

    `inner` has shape (n_inputs, units) over all members' units, `inner_bias` and `outer` (units,); `outer` and
    `outer_bias` carry the division by the number of members.
    """

    inner: NDArray[np.float32]
    inner_bias: NDArray[np.float32]
    outer: NDArray[np.float32]
    outer_bias: float

    def logits(self, scores: FloatArray) -> FloatArray:
        """Shape (n,) for scores of shape (n, n_inputs)."""
        hidden = scores.astype(np.float32) @ self.inner
        hidden += self.inner_bias
        np.maximum(hidden, 0.0, out=hidden)
        return np.asarray(hidden @ self.outer + self.outer_bias, dtype=np.float64)


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
