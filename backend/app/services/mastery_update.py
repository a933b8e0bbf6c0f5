"""What one piece of evidence does to the mastery state of a skill; the same code runs live and in a replay."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np

from app.ai.personalization.mastery import (
    MasteryChange,
    MasteryStep,
    SkillMastery,
    after_answer,
    after_pause,
    posterior_evidence,
    rule_evidence,
)
from app.ai.personalization.mastery_rules import ANSWERS, TEACHER_RULES, is_met
from app.ai.personalization.user_modeling.kalman import faded_learner, faded_skill, mastery_probability
from app.ai.personalization.user_modeling.state import Evidence, LearnerState, Population, SkillState
from app.domain.enums import MasteryRuleName, MasteryState
from app.repositories.practice_step_rows import MasteryEventRow, SkillRow

FULL_WEIGHT: Final = 1.0
PERCENT: Final = 100
OPEN: Final = frozenset({MasteryState.NOT_STARTED, MasteryState.LEARNING})
HELD: Final = frozenset({MasteryState.LEARNED, MasteryState.MASTERED})


@dataclass(frozen=True, slots=True)
class SkillMove:
    """One skill before and after a step: chance of mastery, state, and the causes of each change in between."""

    skill_id: UUID
    before: float
    after: float
    held_before: SkillMastery
    steps: tuple[MasteryStep, ...]

    @property
    def held_after(self) -> SkillMastery:
        return self.steps[-1].mastery if self.steps else self.held_before

    def causes(self) -> tuple[MasteryChange, ...]:
        return tuple(step.change for step in self.steps if step.change is not None)

    def events(self, attempt_id: UUID, evidence: Evidence) -> list[MasteryEventRow]:
        """By these the history of the skill grows; most steps add none."""
        found, state = [], self.held_before.state
        for step in self.steps:
            if step.change is not None and evidence.at is not None:
                row = MasteryEventRow(
                    self.skill_id, attempt_id, step.change.value, state.value, step.mastery.state.value, evidence.at
                )
                found.append(row)
            state = step.mastery.state
        return found


def asks_several_skills(skill_ids: Sequence[UUID]) -> bool:
    """Whether a session on these skills (none = all of the subject) mixes its questions."""
    return len(skill_ids) != 1


def skill_mastery(row: SkillRow | None) -> SkillMastery:
    if row is None:
        return SkillMastery()
    before = None if row.before_review is None else MasteryState(row.before_review)
    return SkillMastery(MasteryState(row.state), row.learned_at, row.confirmations, before)


def with_score(recent: bytes, evidence: Evidence) -> bytes:
    """The last scores with one more; a student's word is no score."""
    if evidence.weight < FULL_WEIGHT:
        return recent
    return (recent + bytes((round(PERCENT * evidence.outcome),)))[-ANSWERS:]


def rule_met(name: MasteryRuleName, recent: bytes) -> bool | None:
    """Whether a teacher's rule declares the skill learned; None where the learner model decides."""
    if name is MasteryRuleName.POSTERIOR:
        return None
    return is_met(TEACHER_RULES[name], np.frombuffer(recent, dtype=np.uint8) / PERCENT)


def mastery_steps(  # what happened, and by which rule it is judged
    held: SkillMastery,
    pause: tuple[float, float] | None,
    after: float,
    evidence: Evidence,
    *,
    is_mixed: bool,
    rule_met: bool | None = None,
) -> tuple[MasteryStep, ...]:
    """First what the pause did, then what the evidence did.

    A student's word (evidence of less than full weight) may begin a skill and raise its chance; only answers make it
    learned, confirm, lose or recover it.

    Args:
        held: The stored state.
        pause: P(mastered) after the step before and just before this one; None where nothing is forgotten.
        after: P(mastered) after the step.
        evidence: With its time.
        is_mixed: The question stood among questions of other skills.
        rule_met: The verdict of a teacher's rule; None where P(mastered) decides.
    """
    steps = []
    if pause is not None:
        steps.append(after_pause(held, *pause))
        held = steps[-1].mastery
    is_answer = evidence.weight >= FULL_WEIGHT
    if evidence.at is not None and (is_answer or held.state in OPEN):
        told = posterior_evidence(after, evidence.outcome, is_mixed=is_mixed, at=evidence.at)
        if rule_met is not None:
            told = rule_evidence(evidence.outcome, is_met=rule_met, is_mixed=is_mixed, at=evidence.at)
        moved = after_answer(held, told)
        if is_answer or moved.mastery.state in OPEN:
            steps.append(moved)
    return tuple(steps)


def faded_mastery(
    population: Population, learner: LearnerState, skill: SkillState, offset: float, evidence: Evidence
) -> float | None:
    """P(mastered) at the time of the evidence, None where the model knows no forgetting."""
    if not (population.skill_shrink_per_day or population.skill_growth_per_day or population.user_growth_per_day):
        return None
    general, own = faded_learner(population, learner, evidence.at), faded_skill(population, skill, evidence.at)
    now = replace(learner, mean=general[0], variance=general[1]), replace(skill, mean=own[0], variance=own[1])
    return mastery_probability(population, *now, offset)
