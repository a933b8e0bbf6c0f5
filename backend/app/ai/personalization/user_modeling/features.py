"""Inputs of the prediction heads, read from one situation. Training and serving run this same code.

References:
    Pavlik, P., Cen, H., Koedinger, K. (2009). Performance factors analysis (wins and losses per skill).
    Gervet, T. et al. (2020). When is deep learning the best approach to knowledge tracing? (counts).
    Schmucker, R. et al. (2022). Assessing the performance of online students (gaps in time and steps).
"""

import math
from collections.abc import Sequence
from datetime import datetime

from app.ai.personalization.user_modeling.history import RecentAnswer
from app.ai.personalization.user_modeling.kalman import PROBIT_SCALE
from app.ai.personalization.user_modeling.situation import Situation, log_gap
from app.ai.personalization.user_modeling.state import Prediction, SkillState

FEATURE_NAMES: tuple[str, ...] = (
    "scaled_logit",
    "difficulty",
    "question_deviation",
    "user_mean",
    "skill_mean",
    "user_variance",
    "skill_variance",
    "factor_scaled_logit",
    "factor_level",
    "factor_variance",
    "question_answers",
    "skill_tries",
    "skill_wins",
    "skill_losses",
    "skill_rate",
    "skill_is_new",
    "user_tries",
    "user_wins",
    "user_losses",
    "user_rate",
    "own_tries",
    "own_wins",
    "own_losses",
    "own_last_result",
    "residual_fast",
    "residual_mid",
    "residual_slow",
    "skill_residual",
    "skill_last_result",
    "skill_count",
    "skill_steps",
    "skill_gap",
    "gap",
    "last_result",
    "result_before",
    "last_residual",
    "last_difficulty",
    "last_gap",
    "run",
    "same_question",
    "same_skills",
    "shared_skills",
    "shared_skills_result",
)
NEUTRAL_RESULT = 0.5
NEVER_STEPS = 8.0


def extract(situation: Situation, now: datetime | None) -> list[float]:
    """Values in the order of `FEATURE_NAMES`."""
    return [
        *_ability(situation),
        *_skill_counts(situation.encounter.skills),
        *_user_counts(situation),
        *_own_counts(situation),
        *_residuals(situation),
        *_skill_recency(situation, now),
        *_last_answers(situation),
    ]


def scaled_logit(prediction: Prediction) -> float:
    """Expected logit shrunk for its uncertainty (MacKay 1992)."""
    return prediction.eta / math.sqrt(1.0 + PROBIT_SCALE * prediction.variance)


def _ability(situation: Situation) -> tuple[float, ...]:
    learner, skills = situation.encounter.memory.learner, situation.encounter.skills
    count = len(skills) or 1
    return (
        scaled_logit(situation.prediction),
        situation.difficulty,
        situation.fitted.item.difficulty,
        learner.mean,
        sum([skill.mean for skill in skills]) / count,
        learner.variance,
        sum([skill.variance for skill in skills]) / (count * count),
        scaled_logit(situation.factor_prediction),
        situation.reading.level - learner.mean,
        situation.reading.variance,
        math.log1p(situation.fitted.item.answers),
    )


def _skill_counts(skills: Sequence[SkillState]) -> tuple[float, ...]:
    count = len(skills) or 1
    tries = sum([skill.answers for skill in skills]) / count
    wins = sum([skill.wins for skill in skills]) / count
    is_new = any(skill.answers == 0 for skill in skills)
    return (*_counts(tries, wins), (wins + 1.0) / (tries + 2.0), float(is_new))


def _user_counts(situation: Situation) -> tuple[float, ...]:
    learner = situation.encounter.memory.learner
    return (*_counts(learner.answers, learner.wins), (learner.wins + 2.0) / (learner.answers + 4.0))


def _own_counts(situation: Situation) -> tuple[float, ...]:
    own = situation.encounter.question
    return (*_counts(own.answers, own.wins), _result(own.last_result))


def _residuals(situation: Situation) -> tuple[float, ...]:
    learner, skills = situation.encounter.memory.learner, situation.encounter.skills
    count = len(skills)
    return (
        learner.residual_fast,
        learner.residual_mid,
        learner.residual_slow,
        sum([skill.residual for skill in skills]) / (count or 1),
        sum([_result(skill.last_result) for skill in skills]) / count if count else NEUTRAL_RESULT,
        float(count),
    )


def _skill_recency(situation: Situation, now: datetime | None) -> tuple[float, ...]:
    met = [skill for skill in situation.encounter.skills if skill.answers]
    if not met:
        return NEVER_STEPS, 0.0, max(situation.gap, 0.0)
    latest = max(met, key=lambda skill: skill.last_step)
    steps = max(0, situation.encounter.memory.learner.answers - latest.last_step)
    return math.log1p(steps), max(log_gap(latest.last_at, now), 0.0), max(situation.gap, 0.0)


def _last_answers(situation: Situation) -> tuple[float, ...]:
    recent = situation.encounter.memory.recent
    if not recent:
        return NEUTRAL_RESULT, NEUTRAL_RESULT, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    last = recent[0]
    before = recent[1].outcome if len(recent) > 1 else NEUTRAL_RESULT
    shared = _shared(situation.question.skill_ids, last)
    return (
        last.outcome,
        before,
        last.residual,
        last.difficulty,
        max(last.gap, 0.0),
        math.log1p(last.run),
        float(last.question_id == situation.question.question_id),
        float(last.skill_ids == situation.question.skill_ids),
        shared,
        shared * (last.outcome - NEUTRAL_RESULT),
    )


def _shared(skill_ids: Sequence[str], last: RecentAnswer) -> float:
    """Share of the question's skills that the last answer also used."""
    return sum([skill in last.skill_ids for skill in skill_ids]) / len(skill_ids) if skill_ids else 0.0


def _counts(tries: float, wins: float) -> tuple[float, float, float]:
    return math.log1p(tries), math.log1p(wins), math.log1p(max(0.0, tries - wins))


def _result(result: float | None) -> float:
    return NEUTRAL_RESULT if result is None else result
