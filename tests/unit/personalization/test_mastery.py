from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.personalization.mastery import (
    MasteryChange,
    MasteryEvidence,
    MasteryStep,
    SkillMastery,
    after_answer,
    after_pause,
    posterior_evidence,
)
from app.domain.enums import MasteryState

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEARNED = SkillMastery(MasteryState.LEARNED, learned_at=NOON)


def answer(mastery: SkillMastery, probability: float, score: float = 1.0, *, hours: float = 0.0) -> MasteryStep:
    at = NOON + timedelta(hours=hours)
    return after_answer(mastery, posterior_evidence(probability, score, is_mixed=True, at=at))


def test_first_answer_starts_the_skill() -> None:
    step = answer(SkillMastery(), 0.4)
    assert (step.mastery.state, step.change) == (MasteryState.LEARNING, MasteryChange.STARTED)
    assert answer(step.mastery, 0.5).change is None


def test_learned_from_ninety_percent_even_at_once() -> None:
    assert answer(SkillMastery(MasteryState.LEARNING), 0.8999).mastery.state is MasteryState.LEARNING
    step = answer(SkillMastery(), 0.90)
    assert (step.mastery, step.change) == (LEARNED, MasteryChange.LEARNED)


def test_mastered_after_two_mixed_answers_a_day_later() -> None:
    first = answer(LEARNED, 0.95, hours=24)
    second = answer(first.mastery, 0.95, hours=24.1)
    assert (first.mastery.state, first.change) == (MasteryState.LEARNED, MasteryChange.CONFIRMED)
    assert (second.mastery.state, second.change) == (MasteryState.MASTERED, MasteryChange.MASTERED)


@pytest.mark.parametrize(
    "evidence",
    [
        MasteryEvidence(1.0, is_met=True, is_lost=False, is_mixed=True, at=NOON + timedelta(hours=23)),
        MasteryEvidence(1.0, is_met=True, is_lost=False, is_mixed=False, at=NOON + timedelta(hours=30)),
        MasteryEvidence(0.8, is_met=True, is_lost=False, is_mixed=True, at=NOON + timedelta(hours=30)),
        MasteryEvidence(1.0, is_met=False, is_lost=False, is_mixed=True, at=NOON + timedelta(hours=30)),
    ],
)
def test_nothing_else_confirms(evidence: MasteryEvidence) -> None:
    assert after_answer(LEARNED, evidence) == MasteryStep(LEARNED)


@pytest.mark.parametrize("state", [MasteryState.LEARNED, MasteryState.MASTERED])
def test_slip_is_explained_and_one_right_answer_restores_the_state(state: MasteryState) -> None:
    held = replace(LEARNED, state=state, confirmations=1)
    slipped = answer(held, 0.70, 0.0)
    assert (slipped.mastery.state, slipped.change) == (MasteryState.NEEDS_REVIEW, MasteryChange.SLIPPED)
    recovered = answer(slipped.mastery, 0.72)
    assert (recovered.mastery, recovered.change) == (held, MasteryChange.RECOVERED)
    assert answer(recovered.mastery, 0.73).mastery == held


def test_missed_recovery_goes_back_to_learning_and_half_right_asks_again() -> None:
    review = answer(LEARNED, 0.70, 0.0).mastery
    assert answer(review, 0.70, 0.5) == MasteryStep(review)
    missed = answer(review, 0.60, 0.0)
    assert missed == MasteryStep(SkillMastery(MasteryState.LEARNING), MasteryChange.RECOVERY_MISSED)


def test_one_wrong_answer_with_strong_belief_changes_nothing() -> None:
    assert answer(LEARNED, 0.80, 0.0) == MasteryStep(LEARNED)


def test_only_forgetting_makes_a_pause_matter() -> None:
    faded = after_pause(LEARNED, before=0.92, now=0.70)
    assert (faded.mastery.state, faded.change) == (MasteryState.NEEDS_REVIEW, MasteryChange.FADED)
    assert after_pause(LEARNED, before=0.92, now=0.80) == MasteryStep(LEARNED)
    assert after_pause(LEARNED, before=0.70, now=0.60) == MasteryStep(LEARNED)
    learning = SkillMastery(MasteryState.LEARNING)
    assert after_pause(learning, before=0.9, now=0.1) == MasteryStep(learning)


def test_every_change_has_words() -> None:
    assert all(change.text.endswith(".") for change in MasteryChange)


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 50)), max_size=40))
def test_states_never_change_without_a_reason(history: list[tuple[float, float, float]]) -> None:
    mastery, hours = SkillMastery(), 0.0
    for probability, score, pause in history:
        hours += pause
        step = answer(mastery, probability, score, hours=hours)
        assert step.mastery.state is mastery.state or step.change is not None
        assert (step.mastery.state is MasteryState.NEEDS_REVIEW) == (step.mastery.before_review is not None)
        mastery = step.mastery
