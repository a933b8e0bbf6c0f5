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
from app.domain.enums import AttemptAction, MasteryRuleName
from app.repositories.practice_step_rows import LearnerRow, MasteryEventRow, SkillRow
from app.services.mastery_update import (
    HELD,
    SkillMove,
    faded_mastery,
    mastery_steps,
    rule_met,
    skill_mastery,
    with_score,
)

TELLS_OF_THE_QUESTION: Final = frozenset(
    {AttemptAction.ANSWER, AttemptAction.DONT_KNOW, AttemptAction.CLOSE, AttemptAction.GRADED}
)
"""Steps whose evidence is an answer; a student's word that a question is too easy tells nothing of the question."""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """The question as it was believed to be when it was shown; `offsets` belong to `skill_ids`.

    `is_mixed` says that it stood among questions of other skills, `rule` what makes a skill learned in its subject.
    """

    difficulty: float
    answers: int
    guess: float
    skill_ids: Sequence[UUID]
    offsets: Sequence[float]
    is_mixed: bool
    rule: MasteryRuleName = MasteryRuleName.POSTERIOR


@dataclass(frozen=True, slots=True)
class LearnerUpdate:
    """New rows, and what happened to each skill of the question."""

    learner: LearnerRow
    skills: list[SkillRow]
    moves: list[SkillMove]
    predicted: float

    @property
    def information(self) -> float:
        return self.predicted * (1.0 - self.predicted)

    def events(self, attempt_id: UUID, evidence: Evidence) -> list[MasteryEventRow]:
        return [event for move in self.moves for event in move.events(attempt_id, evidence)]


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
    rows, moves = [], []
    for skill_id, offset, old, new in zip(item.skill_ids, item.offsets, before, updated.skills, strict=True):
        after = mastery_probability(population, updated.learner, new, offset)
        known = skills.get(skill_id)
        # What practice of other skills has changed since the last encounter is no effect of this answer.
        present = mastery_probability(population, state, old, offset)
        earlier = known.mastery if known else present
        held = skill_mastery(known)
        faded = faded_mastery(population, state, old, offset, evidence) if held.state in HELD else None
        pause = None if faded is None else (earlier, faded)
        recent = with_score(b"" if known is None else known.recent, evidence)
        met = rule_met(item.rule, recent)
        steps = mastery_steps(held, pause, after, evidence, is_mixed=item.is_mixed, rule_met=met)
        moves.append(SkillMove(skill_id, present, after, held, steps))
        rows.append(skill_row(moves[-1], new, recent))
    return LearnerUpdate(learner_row(updated.learner), rows, moves, predicted)


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


def skill_row(move: SkillMove, state: SkillState, recent: bytes) -> SkillRow:
    held = move.held_after
    return SkillRow(
        move.skill_id,
        move.after,
        state.mean,
        state.variance,
        state.answers,
        state.wins,
        state.residual,
        state.last_step,
        state.last_at,
        state.last_result,
        held.state.value,
        held.learned_at,
        held.confirmations,
        None if held.before_review is None else held.before_review.value,
        recent,
    )


def skill_state(row: SkillRow) -> SkillState:
    return SkillState(*row[2:10])


def _skill_state(population: Population, row: SkillRow | None) -> SkillState:
    return new_skill(population) if row is None else skill_state(row)
