from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.ai.personalization.mastery import MasteryChange, SkillMastery
from app.ai.personalization.user_modeling.state import Evidence, Population, new_learner
from app.domain.enums import MasteryState
from app.repositories.practice_step_rows import SkillRow
from app.services.learner_update import AskedItem, LearnerUpdate, apply_evidence, learner_row
from app.services.mastery_update import SkillMove, mastery_steps, skill_mastery

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SKILL, ATTEMPT = UUID(int=1), UUID(int=2)
FORGETFUL = Population(skill_shrink_per_day=0.05, skill_growth_per_day=0.05)
MASTERED = SkillMastery(MasteryState.MASTERED, NOON, 2)


def known_skill(state: MasteryState) -> SkillRow:
    return SkillRow(SKILL, 0.99, 3.0, 0.02, 30, 28.0, 0.0, 30, NOON, 1.0, state.value, NOON, 2, None)


def answered(population: Population, outcome: float, at: datetime) -> LearnerUpdate:
    learner = learner_row(new_learner(population))._replace(variance=0.05, answers=30, last_at=NOON)
    item = AskedItem(0.0, 50, 0.0, [SKILL], [0.0], is_mixed=True)
    skills = {SKILL: known_skill(MasteryState.MASTERED)}
    return apply_evidence(population, learner, skills, item, Evidence(outcome, 1.0, at))


@pytest.mark.parametrize(
    ("outcome", "causes", "state"),
    [
        (1.0, (MasteryChange.FADED, MasteryChange.RECOVERED), MasteryState.MASTERED),
        (0.0, (MasteryChange.FADED, MasteryChange.RECOVERY_MISSED), MasteryState.LEARNING),
    ],
)
def test_after_a_long_pause_one_answer_decides_and_both_changes_are_told(
    outcome: float, causes: tuple[MasteryChange, ...], state: MasteryState
) -> None:
    at = NOON + timedelta(days=120)
    update = answered(FORGETFUL, outcome, at)
    [move] = update.moves
    assert (move.causes(), move.held_after.state) == (causes, state)
    rows = update.events(ATTEMPT, Evidence(outcome, 1.0, at))
    assert [(row.from_state, row.to_state) for row in rows] == [("mastered", "needs_review"), ("needs_review", state)]
    assert {(row.skill_id, row.attempt_id, row.at) for row in rows} == {(SKILL, ATTEMPT, at)}


def test_a_model_without_forgetting_knows_no_pause() -> None:
    assert answered(Population(), 1.0, NOON + timedelta(days=900)).moves[0].causes() == ()


def test_the_stored_row_gives_the_same_mastery_back() -> None:
    row = answered(FORGETFUL, 0.0, NOON + timedelta(days=120)).skills[0]
    assert skill_mastery(row) == SkillMastery(MasteryState.LEARNING)
    assert skill_mastery(None) == SkillMastery()


@pytest.mark.parametrize("after", [0.1, 0.95])
def test_a_students_word_moves_no_held_state(after: float) -> None:
    word = Evidence(1.0, 0.5, NOON + timedelta(days=2))
    assert mastery_steps(MASTERED, None, after, word, is_mixed=True) == ()
    assert SkillMove(SKILL, 0.9, after, MASTERED, ()).held_after == MASTERED


def test_a_students_word_begins_a_skill_and_only_an_answer_makes_it_learned() -> None:
    word, answer = Evidence(1.0, 0.5, NOON), Evidence(1.0, 1.0, NOON)
    [begun] = mastery_steps(SkillMastery(), None, 0.5, word, is_mixed=True)
    assert begun.mastery.state is MasteryState.LEARNING
    assert mastery_steps(begun.mastery, None, 0.98, word, is_mixed=True) == ()
    [step] = mastery_steps(begun.mastery, None, 0.98, answer, is_mixed=True)
    assert step.change is MasteryChange.LEARNED
