"""How many more questions a student needs on each skill, by simulating their own state forward."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from app.ai.personalization.mastery import LEARNED_AT
from app.ai.personalization.user_modeling.kalman import PROBIT_SCALE
from app.ai.personalization.user_modeling.state import LearnerState, Population

FloatArray: TypeAlias = NDArray[np.float64]

LEARNING_PER_QUESTION: Final = 0.10
"""Growth of a skill by one practised question, logits.

Koedinger, K. R., Carvalho, P. F., Liu, R., & McLaughlin, E. A. (2023). An astonishing regularity in student learning
rate. PNAS, 120(13), e2221311120: students differ little in it.
"""
MOST_QUESTIONS: Final = 100
RUNS: Final = 64
MASTERY_LOGIT: Final = math.log(0.80 / 0.20)
ANSWERS_BEHIND_A_QUESTION: Final = 50


@dataclass(frozen=True, slots=True)
class SkillBeliefs:
    """What the learner model holds about one student's skills; shape ``(k,)`` each, in logits.

    Attributes:
        mean: Deviation from the student's general level.
        variance: Of that deviation.
        offset: Difficulty of the skill.
    """

    mean: FloatArray
    variance: FloatArray
    offset: FloatArray


@dataclass(frozen=True, slots=True)
class PracticeAssumptions:
    """How the student will practise: success aimed at, growth by a question in logits, and where counting ends."""

    success: float = 0.75
    learning: float = LEARNING_PER_QUESTION
    most: int = MOST_QUESTIONS
    runs: int = RUNS

    def __post_init__(self) -> None:
        if not (0.0 < self.success < 1.0 and self.learning >= 0.0 and self.most >= 1 and self.runs >= 1):
            raise ValueError("A forecast needs success in (0, 1), learning >= 0, and at least one question and run.")


USUAL_PRACTICE: Final = PracticeAssumptions()


@dataclass(frozen=True, slots=True)
class MasteryForecast:
    """Shape ``(k,)`` each.

    Attributes:
        questions: Expected questions until P(mastered) reaches 0.90; runs that do not get there count as `most`.
        reached: Share of runs that get there.
    """

    questions: FloatArray
    reached: FloatArray


@dataclass(slots=True)
class _Runs:
    """Beliefs of all runs, shape ``(k, runs)``; `surplus` is the true level minus the believed one."""

    level: FloatArray
    user_variance: FloatArray
    skill_variance: FloatArray
    surplus: FloatArray


def forecast_mastery(
    population: Population,
    learner: LearnerState,
    skills: SkillBeliefs,
    rng: Generator,
    assumptions: PracticeAssumptions = USUAL_PRACTICE,
) -> MasteryForecast:
    """Practise each skill alone, with questions at the wanted success, until the learner model is convinced.

    Each run draws a true level from the present belief, answers by it, grows with every question, and updates the
    belief exactly as real answers would.
    """
    runs = _start(population, learner, skills, rng, assumptions.runs)
    questions = np.full(runs.level.shape, float(assumptions.most))
    is_open = ~_convinced(runs)
    questions[~is_open] = 0.0
    for count in range(1, assumptions.most + 1):
        if not is_open.any():
            break
        _answer(population, runs, rng, assumptions)
        now = is_open & _convinced(runs)
        questions[now] = count
        is_open &= ~now
    return MasteryForecast(questions.mean(axis=1), 1.0 - is_open.mean(axis=1))


def _start(population: Population, learner: LearnerState, skills: SkillBeliefs, rng: Generator, count: int) -> _Runs:
    shape = (skills.mean.size, count)
    level = population.intercept + learner.mean + skills.mean - skills.offset
    spread = np.sqrt(learner.variance + skills.variance)
    return _Runs(
        level=np.repeat(level[:, np.newaxis], count, axis=1),
        user_variance=np.full(shape, learner.variance),
        skill_variance=np.repeat(skills.variance[:, np.newaxis], count, axis=1),
        surplus=spread[:, np.newaxis] * rng.normal(size=shape),
    )


def _convinced(runs: _Runs) -> NDArray[np.bool_]:
    needed = NormalDist().inv_cdf(LEARNED_AT)
    margin: FloatArray = runs.level - MASTERY_LOGIT
    return margin >= needed * np.sqrt(runs.user_variance + runs.skill_variance)


def _answer(population: Population, runs: _Runs, rng: Generator, assumptions: PracticeAssumptions) -> None:
    """One question in every run: the update of the Kalman-Rasch filter for a question with one skill."""
    item_variance = population.item_variance / (1.0 + population.item_shrink * ANSWERS_BEHIND_A_QUESTION)
    variance = runs.user_variance + runs.skill_variance + item_variance
    eta = math.log(assumptions.success / (1.0 - assumptions.success)) * np.sqrt(1.0 + PROBIT_SCALE * variance)
    score = rng.random(eta.shape) < _logistic(eta + runs.surplus)
    expected = _logistic(eta)
    information = expected * (1.0 - expected)
    damping = 1.0 + information * variance
    step = (runs.user_variance + runs.skill_variance) * (score - expected) / damping
    runs.level += step
    runs.surplus += assumptions.learning - step
    runs.user_variance += population.user_drift - information * runs.user_variance**2 / damping
    runs.skill_variance += population.skill_drift - information * runs.skill_variance**2 / damping


def _logistic(value: FloatArray) -> FloatArray:
    return 0.5 * (1.0 + np.tanh(0.5 * value))
