"""One piece of evidence applied to a student's stored states; the same code runs live and in a replay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.ai.personalization.user_modeling.kalman import mastery_probability, predict, update
from app.ai.personalization.user_modeling.state import (
    Evidence,
    ItemParameters,
    LearnerState,
    Population,
    SkillState,
    new_skill,
)
from app.domain.enums import AttemptAction
from app.repositories.practice_step_repository import LearnerRow, SkillRow

TELLS_OF_THE_QUESTION: Final = frozenset({AttemptAction.ANSWER, AttemptAction.CLOSE})
"""Steps whose evidence is an answer; a student's word that a question is too easy tells nothing of the question."""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """The question as it was believed to be when it was shown; `offsets` belong to `skill_ids`."""

    difficulty: float
    answers: int
    guess: float
    skill_ids: Sequence[UUID]
    offsets: Sequence[float]


@dataclass(frozen=True, slots=True)
class LearnerUpdate:
    """New rows, and for each skill of the question the mastery before and after."""

    learner: LearnerRow
    skills: list[SkillRow]
    changes: list[tuple[UUID, float, float]]
    predicted: float

    @property
    def information(self) -> float:
        return self.predicted * (1.0 - self.predicted)


def apply_evidence(
    population: Population,
    learner: LearnerRow,
    skills: Mapping[UUID, SkillRow],
    item: AskedItem,
    evidence: Evidence,
) -> LearnerUpdate:
    state = LearnerState(*learner)
    before = [_skill_state(population, skills.get(skill_id)) for skill_id in item.skill_ids]
    parameters = ItemParameters(item.difficulty, item.answers, item.guess)
    predicted = predict(population, state, before, item.offsets, parameters, now=evidence.at).probability
    updated = update(population, state, before, item.offsets, parameters, evidence)
    rows, changes = [], []
    for skill_id, offset, old, new in zip(item.skill_ids, item.offsets, before, updated.skills, strict=True):
        after = mastery_probability(population, updated.learner, new, offset)
        known = skills.get(skill_id)
        earlier = known.mastery if known else mastery_probability(population, state, old, offset)
        changes.append((skill_id, earlier, after))
        rows.append(skill_row(skill_id, after, new))
    return LearnerUpdate(learner_row(updated.learner), rows, changes, predicted)


def learner_row(state: LearnerState) -> LearnerRow:
    return LearnerRow(
        state.mean,
        state.variance,
        state.answers,
        state.wins,
        state.residual_fast,
        state.residual_mid,
        state.residual_slow,
        state.last_at,
    )


def skill_row(skill_id: UUID, mastery: float, state: SkillState) -> SkillRow:
    return SkillRow(
        skill_id,
        mastery,
        state.mean,
        state.variance,
        state.answers,
        state.wins,
        state.residual,
        state.last_step,
        state.last_at,
        state.last_result,
    )


def _skill_state(population: Population, row: SkillRow | None) -> SkillState:
    return new_skill(population) if row is None else SkillState(*row[2:])
