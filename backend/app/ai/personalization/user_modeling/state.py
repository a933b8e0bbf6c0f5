"""Values of the learner model. Abilities and difficulties are in logits, rates per day, times are aware datetimes."""

from dataclasses import dataclass
from datetime import datetime


class NotFiniteError(ValueError):
    """A state, parameter or observation of the learner model is NaN, infinite or outside its range."""


@dataclass(frozen=True, slots=True)
class Population:
    """Parameters shared by every learner; versioned together with the question and skill parameters.

    Variances are those of the prior; drifts are added once per answer; shrink and growth act per elapsed day.
    `user_mean` is the level of a new learner: it keeps the scale of a new model on that of the one before.
    """

    intercept: float = 0.0
    user_variance: float = 1.0
    skill_variance: float = 0.35
    user_drift: float = 0.002
    skill_drift: float = 0.004
    user_growth_per_day: float = 0.0
    skill_shrink_per_day: float = 0.0
    skill_growth_per_day: float = 0.0
    item_variance: float = 0.15
    item_shrink: float = 0.2
    user_mean: float = 0.0


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """A question: its deviation from the mean offset of its skills, answers behind it, chance of a lucky guess."""

    difficulty: float = 0.0
    answers: int = 0
    guess: float = 0.0


@dataclass(frozen=True, slots=True)
class LearnerState:
    """What all answers of one learner say. Residuals are running means of outcome minus prediction."""

    mean: float
    variance: float
    answers: int = 0
    wins: float = 0.0
    residual_fast: float = 0.0
    residual_mid: float = 0.0
    residual_slow: float = 0.0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SkillState:
    """How one learner differs from their own general level on one skill.

    `last_step` is the learner's answer count at the last encounter, so steps since then are a subtraction.
    """

    mean: float
    variance: float
    answers: int = 0
    wins: float = 0.0
    residual: float = 0.0
    last_step: int = 0
    last_at: datetime | None = None
    last_result: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One graded answer: `outcome` in [0, 1]; `weight` below 1 for weak evidence such as skips and rapid guesses."""

    outcome: float
    weight: float = 1.0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """`eta` is the expected logit, `variance` its uncertainty, `probability` the chance of a right answer."""

    eta: float
    probability: float
    variance: float


@dataclass(frozen=True, slots=True)
class Updated:
    learner: LearnerState
    skills: tuple[SkillState, ...]


def new_learner(population: Population) -> LearnerState:
    """A learner before their first answer: the population prior."""
    return LearnerState(mean=population.user_mean, variance=population.user_variance)


def new_skill(population: Population) -> SkillState:
    """A skill a learner has not met yet: the population prior."""
    return SkillState(mean=0.0, variance=population.skill_variance)
