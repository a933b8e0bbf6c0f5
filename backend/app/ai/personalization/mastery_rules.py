"""Rules by which a teacher may call a skill learned, instead of the posterior of the learner model.

Each rule looks at scores in the order given, shape ``(students, answers)``, and tells after which answers it is met,
as a boolean array of the same shape. Scores lie in [0, 1]; partial credit counts as that share of a right answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]

ROUNDING: Final = 1e-9
RUNS: Final = 40_000
ANSWERS: Final = 20
"""Length of practice for which the operating characteristics of a rule are stated."""


class MasteryRule(Protocol):
    def met(self, scores: FloatArray) -> BoolArray:
        """After which answers the rule holds; same shape as `scores`."""


@dataclass(frozen=True, slots=True)
class RightOfLast:
    """`needed` right of the last `window` answers; with `needed == window`, that many in a row."""

    needed: int
    window: int

    def __post_init__(self) -> None:
        if not 1 <= self.needed <= self.window:
            raise ValueError("A rule needs 1 <= needed <= window answers.")

    def met(self, scores: FloatArray) -> BoolArray:
        total = np.cumsum(scores, axis=1)
        in_window = total.copy()
        in_window[:, self.window :] -= total[:, : -self.window]
        result: BoolArray = in_window >= self.needed - ROUNDING
        return result


@dataclass(frozen=True, slots=True)
class WilsonBound:
    """The one-sided lower confidence bound of the success rate reaches `success`, after at least `least` answers.

    References:
        Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the
        American Statistical Association, 22, 209-212.
    """

    success: float = 0.70
    confidence: float = 0.90
    least: int = 5

    def __post_init__(self) -> None:
        if not (0.0 < self.success < 1.0 and 0.5 <= self.confidence < 1.0 and self.least >= 1):  # noqa: PLR2004
            raise ValueError("A Wilson rule needs success in (0, 1), confidence in [0.5, 1) and least >= 1.")

    def met(self, scores: FloatArray) -> BoolArray:
        answers = np.arange(1, scores.shape[1] + 1)
        rate = np.cumsum(scores, axis=1) / answers
        z = NormalDist().inv_cdf(self.confidence)
        centre = rate + z * z / (2 * answers)
        spread = z * np.sqrt(rate * (1.0 - rate) / answers + (z / (2 * answers)) ** 2)
        lower = (centre - spread) / (1.0 + z * z / answers)
        result: BoolArray = (lower >= self.success) & (answers >= self.least)
        return result


@dataclass(frozen=True, slots=True)
class KnowledgeTracing:
    """Bayesian knowledge tracing says the skill is known with at least `confidence`.

    References:
        Corbett, A. T., & Anderson, J. R. (1995). Knowledge tracing: Modeling the acquisition of procedural knowledge.
        User Modeling and User-Adapted Interaction, 4, 253-278.
    """

    known_at_start: float = 0.30
    learn: float = 0.10
    slip: float = 0.10
    guess: float = 0.20
    confidence: float = 0.95

    def __post_init__(self) -> None:
        chances = (self.known_at_start, self.learn, self.slip, self.guess, self.confidence)
        if not all(0.0 < chance < 1.0 for chance in chances) or self.slip + self.guess >= 1.0:
            raise ValueError("Knowledge tracing needs chances in (0, 1) and slip + guess below 1.")

    def met(self, scores: FloatArray) -> BoolArray:
        known = np.full(scores.shape[0], self.known_at_start)
        result = np.zeros(scores.shape, dtype=np.bool_)
        for answer in range(scores.shape[1]):
            known = self._after(known, scores[:, answer])
            result[:, answer] = known >= self.confidence
        return result

    def _after(self, known: FloatArray, score: FloatArray) -> FloatArray:
        right = known * (1.0 - self.slip)
        right /= right + (1.0 - known) * self.guess
        wrong = known * self.slip
        wrong /= wrong + (1.0 - known) * (1.0 - self.guess)
        posterior: FloatArray = score * right + (1.0 - score) * wrong
        return posterior + (1.0 - posterior) * self.learn


TEACHER_RULES: Final[Mapping[str, MasteryRule]] = MappingProxyType(
    {
        "three_of_last_five": RightOfLast(3, 5),
        "eight_of_last_ten": RightOfLast(8, 10),
        "ten_in_a_row": RightOfLast(10, 10),
        "knowledge_tracing": KnowledgeTracing(),
        "wilson_bound": WilsonBound(),
    }
)
"""Stable names for settings and the interface."""


def is_met(rule: MasteryRule, scores: FloatArray) -> bool:
    """Whether one student meets the rule after all `scores`, shape ``(answers,)``."""
    return scores.size > 0 and bool(rule.met(scores[np.newaxis, :])[0, -1])


def declared_share(
    rule: MasteryRule, success: float, rng: Generator, *, answers: int = ANSWERS, runs: int = RUNS
) -> float:
    """Share of students with a constant chance of success whom the rule declares within `answers` answers.

    For a chance below the level that the rule shall certify this is its false-mastery rate; the standard error of
    the simulated share is at most ``0.5 / sqrt(runs)``.
    """
    scores = (rng.random((runs, answers)) < success).astype(np.float64)
    return float(rule.met(scores).any(axis=1).mean())
