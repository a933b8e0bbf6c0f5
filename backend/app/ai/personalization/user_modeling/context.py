"""What a question's surroundings add: shrunken mean residuals after a given answer, gap or standing.

A question often follows the same few others, so the answer before it says more than general ability does.

References:
    Schmucker, R. et al. (2022). Assessing the performance of online students (n-grams of questions and skills).
    Micci-Barreca, D. (2001). A preprocessing scheme for high-cardinality categorical attributes (shrunken means).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.ai.personalization.user_modeling.history import RecentAnswer
from app.ai.personalization.user_modeling.parameters import UNKNOWN, Parameters
from app.ai.personalization.user_modeling.situation import Situation

Key: TypeAlias = tuple[int, ...]

CONTEXT_NAMES: tuple[str, ...] = (
    "after_skills",
    "after_question",
    "after_two_skills",
    "after_two_questions",
    "question_after_skill_results",
    "skills_after_gap",
)
NO_ANSWER = -2
SHRINKAGE = 1.6
"""Prior information in units of p(1 - p): about eight answers at p = 0.75."""
RIGHT_FROM = 0.5
STANDING_STEPS = 5
GAP_STEP = 0.7
"""Width of a step of time on the log scale: about a doubling."""


@dataclass(frozen=True, slots=True)
class ContextEffects:
    """One table per entry of `CONTEXT_NAMES`: effect in logits of each key met in training."""

    tables: tuple[dict[Key, float], ...]

    def values(self, keys: Sequence[Key]) -> list[float]:
        """Effects in the order of `CONTEXT_NAMES`; 0 for a key the fit never met."""
        return [table.get(key, 0.0) for table, key in zip(self.tables, keys, strict=True)]


def context_keys(parameters: Parameters, situation: Situation) -> tuple[Key, ...]:
    """Keys in the order of `CONTEXT_NAMES`, as codes of the fitted model."""
    question, skills = situation.fitted.question_code, situation.fitted.set_code
    recent = situation.encounter.memory.recent
    last_question, last_skills, last = _codes(parameters, recent, 0)
    question_before, skills_before, before = _codes(parameters, recent, 1)
    return (
        (skills, last_skills, last),
        (question, last_question, last),
        (skills, last_skills, last, skills_before, before),
        (question, last_question, last, question_before, before),
        (question, *_standing(situation)),
        (skills, int(situation.gap / GAP_STEP) if situation.gap >= 0.0 else NO_ANSWER),
    )


def fit_context(rows: Iterable[tuple[Sequence[Key], float, float]], min_answers: int = 2) -> ContextEffects:
    """Mean residual of each key, in logits, shrunken to zero.

    Args:
        rows: For each answer its keys, its residual (outcome minus predicted probability p) and p(1 - p).
        min_answers: Keys met less often are dropped.
    """
    sums: list[defaultdict[Key, list[float]]] = [defaultdict(lambda: [0.0, 0.0, 0.0]) for _ in CONTEXT_NAMES]
    for keys, residual, information in rows:
        for table, key in zip(sums, keys, strict=True):
            total = table[key]
            total[0] += residual
            total[1] += information
            total[2] += 1.0
    return ContextEffects(tuple(_shrunken(table, min_answers) for table in sums))


def _shrunken(sums: dict[Key, list[float]], min_answers: int) -> dict[Key, float]:
    return {
        key: residual / (information + SHRINKAGE)
        for key, (residual, information, answers) in sums.items()
        if answers >= min_answers and key[0] != UNKNOWN
    }


def _codes(parameters: Parameters, recent: Sequence[RecentAnswer], position: int) -> tuple[int, int, int]:
    if position >= len(recent):
        return NO_ANSWER, NO_ANSWER, NO_ANSWER
    answer = recent[position]
    codes = parameters.question_code(answer.question_id), parameters.set_code(answer.skill_ids)
    return (*codes, int(answer.outcome >= RIGHT_FROM))


def _standing(situation: Situation) -> tuple[int, int]:
    """How the learner last did on the question's skills: mean last result, and recent residual in steps."""
    met = [skill for skill in situation.encounter.skills if skill.answers]
    if not met:
        return NO_ANSWER, NO_ANSWER
    result = sum([skill.last_result or 0.0 for skill in met]) / len(met)
    residual = sum([skill.residual for skill in met]) / len(met)
    return int(result >= RIGHT_FROM), int((residual + 1.0) * STANDING_STEPS)
