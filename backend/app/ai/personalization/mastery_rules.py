"""Rules by which a teacher may call a skill learned, instead of the posterior of the learner model.

Each rule looks at scores in the order given, shape ``(students, answers)``, and tells after which answers it is met,
as a boolean array of the same shape. Scores lie in [0, 1]; partial credit counts as that share of a right answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from statistics import NormalDist
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from app.ai.personalization.mastery import LEARNED_AT, MASTERY_SUCCESS
from app.ai.personalization.user_modeling.state import Population
from app.domain.enums import MasteryRuleName

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]

MASTERY_LOGIT: Final = log(MASTERY_SUCCESS / (1.0 - MASTERY_SUCCESS))
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


@dataclass(frozen=True, slots=True)
class PosteriorRule:
    """The rule of the learner model: P(mastered) of a skill practised alone, from the prior on, reaches `confidence`.

    A vectorised form of `user_modeling.kalman` for one skill and questions of its average difficulty, asked `answers`
    times before.
    """

    population: Population
    confidence: float = LEARNED_AT
    answers: int = 50

    def met(self, scores: FloatArray) -> BoolArray:
        population, runs = self.population, scores.shape[0]
        user, skill = np.zeros(runs), np.zeros(runs)
        user_variance = np.full(runs, population.user_variance)
        skill_variance = np.full(runs, population.skill_variance)
        item = population.item_variance / (1.0 + population.item_shrink * self.answers)
        result = np.zeros(scores.shape, dtype=np.bool_)
        for answer in range(scores.shape[1]):
            chance = 1.0 / (1.0 + np.exp(-(population.intercept + user + skill)))
            weight = chance * (1.0 - chance)
            shrink = 1.0 + weight * (user_variance + skill_variance + item)
            gain = (scores[:, answer] - chance) / shrink
            user, skill = user + user_variance * gain, skill + skill_variance * gain
            user_variance = user_variance + population.user_drift - weight * user_variance**2 / shrink
            skill_variance = skill_variance + population.skill_drift - weight * skill_variance**2 / shrink
            level = population.intercept + user + skill - MASTERY_LOGIT
            z = level / np.sqrt(user_variance + skill_variance)
            result[:, answer] = z >= NormalDist().inv_cdf(self.confidence)
        return result


TEACHER_RULES: Final[Mapping[MasteryRuleName, MasteryRule]] = MappingProxyType(
    {
        MasteryRuleName.THREE_OF_LAST_FIVE: RightOfLast(3, 5),
        MasteryRuleName.EIGHT_OF_LAST_TEN: RightOfLast(8, 10),
        MasteryRuleName.TEN_IN_A_ROW: RightOfLast(10, 10),
        MasteryRuleName.WILSON_BOUND: WilsonBound(),
        MasteryRuleName.KNOWLEDGE_TRACING: KnowledgeTracing(),
    }
)
"""Those that a teacher may pick instead of the posterior of the learner model; they look at the last answers alone."""
RULE_TEXTS: Final[Mapping[MasteryRuleName, str]] = MappingProxyType(
    {
        MasteryRuleName.POSTERIOR: "The learner model is 90 % sure that four of five average questions succeed.",
        MasteryRuleName.THREE_OF_LAST_FIVE: "Three of the last five answers are right.",
        MasteryRuleName.EIGHT_OF_LAST_TEN: "Eight of the last ten answers are right.",
        MasteryRuleName.TEN_IN_A_ROW: "Ten right answers in a row.",
        MasteryRuleName.WILSON_BOUND: "At least five answers, and a success rate above 70 % with 90 % confidence.",
        MasteryRuleName.KNOWLEDGE_TRACING: "Bayesian knowledge tracing is 95 % sure that the skill is known.",
    }
)


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


SUCCESS_LEVELS: Final = (0.25, 0.40, 0.50, 0.60, 0.70, 0.80, 0.90, 0.95)


@dataclass(frozen=True, slots=True)
class RuleCharacteristic:
    """`declared` is the share of students declared within 20 answers, one for each of `SUCCESS_LEVELS`."""

    name: MasteryRuleName
    text: str
    declared: tuple[float, ...]

    @property
    def false_mastery(self) -> float:
        """Share declared although they solve only 70 % of the questions, ten points below mastery."""
        return self.declared[SUCCESS_LEVELS.index(0.70)]


def characteristics(population: Population, rng: Generator, runs: int = RUNS) -> list[RuleCharacteristic]:
    """Measured on the spot, for the learner model with the parameters in force and for each other rule."""
    rules = {MasteryRuleName.POSTERIOR: PosteriorRule(population), **TEACHER_RULES}
    return [
        RuleCharacteristic(
            name, RULE_TEXTS[name], tuple(declared_share(rule, level, rng, runs=runs) for level in SUCCESS_LEVELS)
        )
        for name, rule in rules.items()
    ]
