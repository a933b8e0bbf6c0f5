"""Golden values were computed apart from the code, from the derivative of the log-likelihood of each answer."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.personalization.user_modeling.kalman import mastery_probability, predict, sigmoid, update
from app.ai.personalization.user_modeling.kalman_many import Candidates, predict_many, skill_terms
from app.ai.personalization.user_modeling.state import (
    Evidence,
    ItemParameters,
    LearnerState,
    NotFiniteError,
    Population,
    SkillState,
    new_learner,
    new_skill,
)

POPULATION = Population(intercept=0.2, user_drift=0.002, skill_drift=0.004)
LEARNER = LearnerState(mean=0.5, variance=1.0)
WEAK, STRONG = SkillState(mean=-0.3, variance=0.4), SkillState(mean=0.2, variance=0.2)
ITEM = ItemParameters(difficulty=0.6, answers=5)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

finite = st.floats(-8, 8)
spread = st.floats(0, 4)


def approx(value: float) -> object:
    return pytest.approx(value, abs=1e-12)


def test_one_skill_right_answer() -> None:
    predicted = predict(POPULATION, LEARNER, [WEAK], [0.1], ITEM)
    assert (predicted.eta, predicted.variance) == (approx(-0.3), approx(1.475))
    assert predicted.probability == approx(0.44060051025003755)
    after = update(POPULATION, LEARNER, [WEAK], [0.1], ITEM, Evidence(1.0))
    assert (after.learner.mean, after.learner.variance) == (approx(0.9222053841150755), approx(0.8223273393474217))
    assert (after.skills[0].mean, after.skills[0].variance) == (
        approx(-0.13111784635396978),
        approx(0.3752523742955875),
    )


def test_two_skills_share_a_weak_partial_answer() -> None:
    item = ItemParameters(difficulty=0.6)
    predicted = predict(POPULATION, LEARNER, [WEAK, STRONG], [0.1, -0.4], item)
    assert predicted.probability == approx(0.5405930297205742)
    after = update(POPULATION, LEARNER, [WEAK, STRONG], [0.1, -0.4], item, Evidence(0.25, weight=0.5))
    assert (after.learner.mean, after.learner.variance) == (approx(0.3708598190810519), approx(0.8953932266955862))
    assert [skill.mean for skill in after.skills] == [approx(-0.3258280361837896), approx(0.18708598190810521)]
    assert [skill.variance for skill in after.skills] == [approx(0.39973572906782345), approx(0.20293393226695589)]


def test_question_without_skills() -> None:
    item = ItemParameters(difficulty=0.6, answers=10)
    assert predict(POPULATION, LEARNER, [], [], item).probability == approx(0.5210239904581754)
    after = update(POPULATION, LEARNER, [], [], item, Evidence(0.0))
    assert (after.learner.mean, after.learner.variance) == (approx(0.08395900199378364), approx(0.8043718670850144))
    assert after.skills == ()


def test_right_answer_to_a_guessable_question_counts_less() -> None:
    item = replace(ITEM, guess=0.25)
    assert predict(POPULATION, LEARNER, [WEAK], [0.1], item).probability == approx(0.5804503826875281)
    after = update(POPULATION, LEARNER, [WEAK], [0.1], item, Evidence(1.0))
    assert (after.learner.mean, after.learner.variance) == (approx(0.7679474901236636), approx(0.8879729404763409))
    assert after.skills[0].mean == approx(-0.19282100395053453)


def test_counts_times_and_residuals() -> None:
    learner = replace(LEARNER, answers=7, wins=4.0)
    after = update(POPULATION, learner, [WEAK], [0.1], ITEM, Evidence(1.0, at=NOW))
    residual = 1.0 - 0.44060051025003755
    assert (after.learner.answers, after.learner.wins, after.learner.last_at) == (8, 5.0, NOW)
    assert after.learner.residual_fast == approx(0.4 * residual)
    assert after.learner.residual_mid == approx(0.1 * residual)
    assert after.learner.residual_slow == approx(0.02 * residual)
    skill = after.skills[0]
    assert (skill.answers, skill.last_step, skill.last_result, skill.last_at) == (1, 8, 1.0, NOW)
    assert skill.residual == approx(0.3 * residual)


def test_evidence_of_no_weight_moves_nothing_but_the_drift() -> None:
    after = update(POPULATION, LEARNER, [WEAK], [0.1], ITEM, Evidence(0.0, weight=0.0))
    assert (after.learner.mean, after.learner.variance) == (0.5, approx(1.002))
    assert after.learner.residual_fast == 0.0


def test_forgetting_follows_elapsed_days_up_to_the_prior() -> None:
    population = replace(
        POPULATION, skill_shrink_per_day=0.1, skill_growth_per_day=0.01, user_growth_per_day=0.05, skill_variance=0.5
    )
    learner = LearnerState(mean=0.5, variance=0.4, last_at=NOW)
    skill = SkillState(mean=1.0, variance=0.2, last_at=NOW)
    item = ItemParameters(answers=10_000_000)
    later = predict(population, learner, [skill], [0.0], item, now=NOW + timedelta(days=10))
    assert later.eta == approx(0.2 + 0.5 + math.exp(-1.0))
    assert later.variance == pytest.approx(0.9 + 0.3, abs=1e-6)
    ages = predict(population, learner, [skill], [0.0], item, now=NOW + timedelta(days=3650))
    assert ages.variance == pytest.approx(1.0 + 0.5, abs=1e-6)


def test_backward_clock_and_missing_time_forget_nothing() -> None:
    population = replace(POPULATION, skill_shrink_per_day=0.1, skill_growth_per_day=0.01)
    skill = replace(WEAK, last_at=NOW)
    unchanged = predict(population, LEARNER, [skill], [0.1], ITEM)
    assert predict(population, LEARNER, [skill], [0.1], ITEM, now=NOW - timedelta(days=2)) == unchanged
    after = update(population, LEARNER, [skill], [0.1], ITEM, Evidence(1.0, at=NOW - timedelta(days=2)))
    assert after.skills[0].last_at == NOW


def test_mastery_golden_value() -> None:
    population = Population(intercept=0.2)
    learner, skill = LearnerState(mean=1.1, variance=0.2), SkillState(mean=0.6, variance=0.1)
    assert mastery_probability(population, learner, skill, 0.1) == approx(0.7749714099837378)


def test_mastery_without_uncertainty_is_certain() -> None:
    known = LearnerState(mean=3.0, variance=0.0)
    assert mastery_probability(Population(), known, SkillState(0.0, 0.0), 0.0) == 1.0
    assert mastery_probability(Population(), known, SkillState(-3.0, 0.0), 0.0) == 0.0


@pytest.mark.parametrize("threshold", [0.0, 1.0, math.nan])
def test_mastery_threshold_must_be_a_chance(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        mastery_probability(Population(), LEARNER, WEAK, 0.0, threshold)


@pytest.mark.parametrize("outcome", [math.nan, -0.1, 1.1])
def test_outcome_outside_its_range_is_refused(outcome: float) -> None:
    with pytest.raises(NotFiniteError):
        update(POPULATION, LEARNER, [WEAK], [0.1], ITEM, Evidence(outcome))


@pytest.mark.parametrize(
    "learner",
    [LearnerState(math.nan, 1.0), LearnerState(0.0, math.nan), LearnerState(math.inf, 1.0), LearnerState(0.0, -1e3)],
)
def test_broken_state_is_refused(learner: LearnerState) -> None:
    with pytest.raises(NotFiniteError):
        predict(POPULATION, learner, [WEAK], [0.1], ITEM)
    with pytest.raises(NotFiniteError):
        mastery_probability(POPULATION, learner, WEAK, 0.1)


def test_every_skill_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        predict(POPULATION, LEARNER, [WEAK], [], ITEM)


@given(mean=finite, variance=spread, skill_variance=spread, difficulty=finite, outcome=st.floats(0, 1))
def test_update_stays_finite_and_follows_the_answer(
    mean: float, variance: float, skill_variance: float, difficulty: float, outcome: float
) -> None:
    population = Population(user_drift=0.0, skill_drift=0.0)
    learner, skill = LearnerState(mean, variance), SkillState(0.0, skill_variance)
    item = ItemParameters(difficulty)
    after = update(population, learner, [skill], [0.0], item, Evidence(outcome))
    expected = sigmoid(mean - difficulty)
    assert (after.learner.mean - mean) * (outcome - expected) >= 0.0
    assert 0.0 <= after.learner.variance <= variance
    assert 0.0 <= after.skills[0].variance <= skill_variance


@given(st.floats(-1e300, 1e300))
def test_sigmoid_never_overflows(value: float) -> None:
    assert 0.0 <= sigmoid(value) <= 1.0


def test_many_predictions_equal_single_ones() -> None:
    questions = [
        ([WEAK], [0.1], ITEM),
        ([WEAK, STRONG], [0.1, -0.4], ItemParameters(0.3, 2, 0.25)),
        ([], [], ItemParameters(-0.2, 40)),
    ]
    terms = np.array([skill_terms(skills, offsets) for skills, offsets, _ in questions])
    items = np.array([(item.difficulty, item.answers, item.guess) for _, _, item in questions])
    scored = predict_many(POPULATION, LEARNER, Candidates(*terms.T, *items.T))
    for index, (skills, offsets, item) in enumerate(questions):
        single = predict(POPULATION, LEARNER, skills, offsets, item)
        assert scored.eta[index] == approx(single.eta)
        assert scored.variance[index] == approx(single.variance)
        assert scored.probability[index] == approx(single.probability)


def test_many_predictions_refuse_nan() -> None:
    one = np.ones(3)
    with pytest.raises(NotFiniteError):
        predict_many(POPULATION, LEARNER, Candidates(one, one, one, np.array([0.0, math.nan, 1.0]), one, one * 0))
    with pytest.raises(NotFiniteError):
        predict_many(POPULATION, LEARNER, Candidates(one, one, one, one, one, one))


def test_new_states_are_the_prior() -> None:
    population = Population(user_variance=0.9, skill_variance=0.3)
    assert new_learner(population) == LearnerState(0.0, 0.9)
    assert new_skill(population) == SkillState(0.0, 0.3)
