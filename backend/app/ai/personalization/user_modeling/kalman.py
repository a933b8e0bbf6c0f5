r"""Rasch model tracked by an extended Kalman filter: O(1) per answer in plain floats.

With skills $K$, $\eta = b_0 + m_u + \overline{m_{uk}} - (\overline{c_k} + d_i)$ has variance
$V = v_u + \sum_k v_{uk} / |K|^2 + v_i$, and the answer's chance is averaged over that uncertainty by
$\sigma(\eta / \sqrt{1 + \pi V / 8})$.

References:
    Glickman, M. (1999). Parameter estimation in large dynamic paired comparison experiments (update, growth with time).
    MacKay, D. (1992). The evidence framework applied to classification networks (probability under uncertainty).
    Birnbaum, A. (1968). Some latent trait models (guessing).
"""

import math
from collections.abc import Sequence
from datetime import datetime

from app.ai.personalization.user_modeling.state import (
    Evidence,
    ItemParameters,
    LearnerState,
    NotFiniteError,
    Population,
    Prediction,
    SkillState,
    Updated,
)

PROBIT_SCALE = math.pi / 8
RESIDUAL_FAST, RESIDUAL_MID, RESIDUAL_SLOW, RESIDUAL_SKILL = 0.6, 0.9, 0.98, 0.7
SECONDS_PER_DAY = 86_400.0


def sigmoid(value: float) -> float:
    """Logistic function without overflow at either end."""
    if value >= 0.0:
        return 1.0 / (1.0 + math.exp(-value))
    power = math.exp(value)
    return power / (1.0 + power)


def elapsed_days(last_at: datetime | None, now: datetime | None) -> float:
    """Days between two times; zero when either is unknown or the clock went backwards."""
    if last_at is None or now is None:
        return 0.0
    return max(0.0, (now - last_at).total_seconds() / SECONDS_PER_DAY)


def faded_learner(population: Population, learner: LearnerState, now: datetime | None) -> tuple[float, float]:
    """Mean and variance at `now`: the variance grows with time away, at most to the prior."""
    rate = population.user_growth_per_day
    growth = rate * elapsed_days(learner.last_at, now) if rate else 0.0
    return learner.mean, _grown(learner.variance, growth, population.user_variance)


def faded_skill(population: Population, skill: SkillState, now: datetime | None) -> tuple[float, float]:
    """Mean and variance at `now`: the mean falls back to the learner's level, the variance grows to the prior."""
    shrink, growth = population.skill_shrink_per_day, population.skill_growth_per_day
    days = elapsed_days(skill.last_at, now) if shrink or growth else 0.0
    if days == 0.0:
        return skill.mean, skill.variance
    return skill.mean * math.exp(-shrink * days), _grown(skill.variance, growth * days, population.skill_variance)


def predict(
    population: Population,
    learner: LearnerState,
    skills: Sequence[SkillState],
    offsets: Sequence[float],
    item: ItemParameters,
    *,
    now: datetime | None = None,
) -> Prediction:
    """Chance that the learner answers the question right.

    Args:
        population: Shared parameters.
        learner: The learner's general state.
        skills: The learner's state on each skill of the question; may be empty.
        offsets: Difficulty $c_k$ of each of those skills, in logits; as long as `skills`.
        item: The question's parameters.
        now: Time of asking; without it nothing is forgotten.

    Raises:
        NotFiniteError: If any value is NaN or infinite, or a variance is negative.
        ValueError: If `skills` and `offsets` differ in length.
    """
    mean, variance = faded_learner(population, learner, now)
    faded = [faded_skill(population, skill, now) for skill in skills]
    return _predict(population, (mean, variance), faded, offsets, item)


def update(
    population: Population,
    learner: LearnerState,
    skills: Sequence[SkillState],
    offsets: Sequence[float],
    item: ItemParameters,
    evidence: Evidence,
) -> Updated:
    """States after one answer; arguments and errors as for `predict`, with `evidence.at` as the time.

    Raises:
        NotFiniteError: Also if the outcome or the weight lies outside [0, 1].
    """
    predicted = predict(population, learner, skills, offsets, item, now=evidence.at)
    return learn(population, learner, skills, predicted, item.guess, evidence)


def learn(
    population: Population,
    learner: LearnerState,
    skills: Sequence[SkillState],
    predicted: Prediction,
    guess: float,
    evidence: Evidence,
) -> Updated:
    """`update` where the prediction for the same question at the same time is already at hand."""
    if not (0.0 <= evidence.outcome <= 1.0 and 0.0 <= evidence.weight <= 1.0):
        raise NotFiniteError("Outcome and weight must lie in [0, 1].")
    step, shrink = gain(predicted, guess, evidence)
    residual = evidence.outcome - predicted.probability
    mean, variance = faded_learner(population, learner, evidence.at)
    belief = _stepped(mean, variance, variance, (step, shrink, population.user_drift))
    share = 1.0 / len(skills) if skills else 0.0
    after = []
    for skill in skills:
        mean, variance = faded_skill(population, skill, evidence.at)
        own = _stepped(mean, variance, variance * share, (step, shrink, population.skill_drift))
        after.append(_skill_after(skill, own, residual, (evidence, learner.answers + 1)))
    return Updated(_learner_after(learner, belief, residual, evidence), tuple(after))


def mastery_probability(
    population: Population, learner: LearnerState, skill: SkillState, offset: float, threshold: float = 0.80
) -> float:
    r"""Chance that success on an average question of the skill exceeds `threshold`.

    $P(\sigma(b_0 + m_u + m_{uk} - c_k) > t)$ with the sum normally distributed, variance $v_u + v_{uk}$.

    Raises:
        NotFiniteError: If any value is NaN or infinite, or a variance is negative.
        ValueError: If `threshold` is not strictly between 0 and 1.
    """
    if not 0.0 < threshold < 1.0:
        raise ValueError("The mastery threshold must lie strictly between 0 and 1.")
    level = population.intercept + learner.mean + skill.mean - offset
    variance = learner.variance + skill.variance
    _check_finite(level, variance)
    margin = level - math.log(threshold / (1.0 - threshold))
    if variance == 0.0:
        return float(margin > 0.0)
    return 0.5 * math.erfc(-margin / math.sqrt(2.0 * variance))


def _predict(
    population: Population,
    general: tuple[float, float],
    faded: Sequence[tuple[float, float]],
    offsets: Sequence[float],
    item: ItemParameters,
) -> Prediction:
    eta = population.intercept + general[0] - item.difficulty
    variance = general[1] + population.item_variance / (1.0 + population.item_shrink * item.answers)
    if len(faded) != len(offsets):
        raise ValueError("Every skill needs exactly one offset.")
    if faded:
        count = len(faded)
        eta += (sum(mean for mean, _ in faded) - sum(offsets)) / count
        variance += sum(spread for _, spread in faded) / (count * count)
    _check_finite(eta, variance)
    if not 0.0 <= item.guess < 1.0:
        raise NotFiniteError("The chance of guessing must lie in [0, 1).")
    chance = sigmoid(eta / math.sqrt(1.0 + PROBIT_SCALE * variance))
    return Prediction(eta, item.guess + (1.0 - item.guess) * chance, variance)


def gain(predicted: Prediction, guess: float, evidence: Evidence) -> tuple[float, float]:
    """Step in logits per unit of variance, and the factor of the squared variance that the answer removes.

    A lucky guess makes a right answer weak evidence: score and information are those of the three-parameter model.
    """
    known = sigmoid(predicted.eta)
    right = guess + (1.0 - guess) * known
    slope = known / right if guess else 1.0
    information = evidence.weight * slope * known * (1.0 - right)
    damping = 1.0 + information * predicted.variance
    return evidence.weight * slope * (evidence.outcome - right) / damping, information / damping


def _stepped(mean: float, variance: float, covariance: float, step: tuple[float, float, float]) -> tuple[float, float]:
    gain, shrink, drift = step
    return mean + covariance * gain, variance + drift - shrink * covariance * covariance


def _learner_after(
    learner: LearnerState, belief: tuple[float, float], residual: float, evidence: Evidence
) -> LearnerState:
    weight = evidence.weight
    return LearnerState(
        mean=belief[0],
        variance=belief[1],
        answers=learner.answers + 1,
        wins=learner.wins + evidence.outcome,
        residual_fast=_averaged(learner.residual_fast, residual, RESIDUAL_FAST, weight),
        residual_mid=_averaged(learner.residual_mid, residual, RESIDUAL_MID, weight),
        residual_slow=_averaged(learner.residual_slow, residual, RESIDUAL_SLOW, weight),
        last_at=_later(learner.last_at, evidence.at),
    )


def _skill_after(
    skill: SkillState, belief: tuple[float, float], residual: float, encounter: tuple[Evidence, int]
) -> SkillState:
    evidence, step = encounter
    return SkillState(
        mean=belief[0],
        variance=belief[1],
        answers=skill.answers + 1,
        wins=skill.wins + evidence.outcome,
        residual=_averaged(skill.residual, residual, RESIDUAL_SKILL, evidence.weight),
        last_step=step,
        last_at=_later(skill.last_at, evidence.at),
        last_result=evidence.outcome,
    )


def _averaged(average: float, residual: float, keep: float, weight: float) -> float:
    return average + weight * (1.0 - keep) * (residual - average)


def _later(last_at: datetime | None, at: datetime | None) -> datetime | None:
    if last_at is None or at is None:
        return at or last_at
    return max(last_at, at)


def _grown(variance: float, growth: float, prior: float) -> float:
    return variance if growth == 0.0 else max(variance, min(variance + growth, prior))


def _check_finite(eta: float, variance: float) -> None:
    if not (math.isfinite(eta) and math.isfinite(variance) and variance >= 0.0):
        raise NotFiniteError("The learner model needs finite values and variances that are not negative.")
