"""How likely a student succeeds on an average question of several skills, now or after more practice."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from app.ai.personalization.mastery_forecast import LEARNING_PER_QUESTION, FloatArray, SkillBeliefs
from app.ai.personalization.user_modeling.kalman import PROBIT_SCALE
from app.ai.personalization.user_modeling.state import LearnerState, Population

Z_80: Final = 1.2816
"""Half width of an 80 % interval in standard deviations."""


@dataclass(frozen=True, slots=True)
class SuccessForecast:
    """Mean over the skills with its 80 % interval, in [0, 1], and the standard deviation behind it."""

    success: float
    low: float
    high: float
    deviation: float

    def chance_of(self, goal: float) -> float:
        """Chance that the success is at least `goal`, for a normal uncertainty."""
        if self.deviation == 0.0:
            return float(self.success >= goal)
        return 1.0 - NormalDist(self.success, self.deviation).cdf(goal)


def skill_success(population: Population, learner: LearnerState, skills: SkillBeliefs) -> FloatArray:
    """Chance of success on an average question of each skill, averaged over what is uncertain. Shape ``(k,)``."""
    level = population.intercept + learner.mean + skills.mean - skills.offset
    variance = learner.variance + skills.variance
    chance: FloatArray = 1.0 / (1.0 + np.exp(-level / np.sqrt(1.0 + PROBIT_SCALE * variance)))
    return chance


def forecast_success(
    population: Population, learner: LearnerState, skills: SkillBeliefs, questions: FloatArray
) -> SuccessForecast:
    """Success over all skills after `questions` more on each, every one of which lets its skill grow.

    The uncertainty of the general level is shared by all skills and does not average out; that of the skills does
    (first-order propagation of errors).

    Raises:
        ValueError: Without a skill, or unless there is one number of questions a skill.
    """
    if skills.mean.size == 0 or questions.shape != skills.mean.shape:
        raise ValueError("A forecast needs skills and a number of questions for each.")
    grown = SkillBeliefs(skills.mean + LEARNING_PER_QUESTION * questions, skills.variance, skills.offset)
    chance = skill_success(population, learner, grown)
    slope = chance * (1.0 - chance) / chance.size
    variance = learner.variance * float(slope.sum()) ** 2 + float((slope**2 * skills.variance).sum())
    mean, deviation = float(chance.mean()), math.sqrt(variance)
    spread = Z_80 * deviation
    return SuccessForecast(mean, max(0.0, mean - spread), min(1.0, mean + spread), deviation)
