import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.personalization.mastery_forecast import SkillBeliefs
from app.ai.personalization.success_forecast import forecast_success, skill_success
from app.ai.personalization.user_modeling.state import LearnerState, Population

POPULATION = Population()
VALUES = st.floats(-4.0, 4.0)


def beliefs(mean: list[float], variance: float = 0.3) -> SkillBeliefs:
    return SkillBeliefs(np.array(mean), np.full(len(mean), variance), np.zeros(len(mean)))


def test_a_certain_student_at_the_level_of_the_question_succeeds_half_the_time() -> None:
    forecast = forecast_success(POPULATION, LearnerState(0.0, 0.0), beliefs([0.0], 0.0), np.zeros(1))
    assert (forecast.low, forecast.success, forecast.high) == (0.5, 0.5, 0.5)


def test_an_interval_against_values_worked_out_by_hand() -> None:
    # sigmoid(1 / sqrt(1 + pi / 8)) = 0.7000; slope 0.2100; spread 1.2816 * 0.2100 * 1.
    forecast = forecast_success(POPULATION, LearnerState(1.0, 1.0), beliefs([0.0], 0.0), np.zeros(1))
    assert (forecast.low, forecast.success, forecast.high) == pytest.approx((0.4308, 0.7000, 0.9691), abs=5e-4)


def test_the_uncertainty_of_skills_averages_out_and_that_of_the_student_does_not() -> None:
    one = forecast_success(POPULATION, LearnerState(0.0, 0.0), beliefs([0.0]), np.zeros(1))
    many = forecast_success(POPULATION, LearnerState(0.0, 0.0), beliefs([0.0] * 100), np.zeros(100))
    shared = forecast_success(POPULATION, LearnerState(0.0, 0.3), beliefs([0.0] * 100, 0.0), np.zeros(100))
    assert many.high - many.low == pytest.approx((one.high - one.low) / 10)
    assert shared.high - shared.low == pytest.approx(one.high - one.low)


@given(mean=VALUES, skills=st.lists(VALUES, min_size=1, max_size=6), more=st.floats(0.0, 50.0))
def test_practice_never_lowers_success_and_the_interval_holds_it(mean: float, skills: list[float], more: float) -> None:
    learner, known = LearnerState(mean, 0.4), beliefs(skills)
    now = forecast_success(POPULATION, learner, known, np.zeros(len(skills)))
    later = forecast_success(POPULATION, learner, known, np.full(len(skills), more))
    assert now.success <= later.success + 1e-12
    assert 0.0 <= later.low <= later.success <= later.high <= 1.0
    assert now.success == pytest.approx(skill_success(POPULATION, learner, known).mean())


def test_every_skill_needs_its_number_of_questions() -> None:
    with pytest.raises(ValueError, match="number of questions for each"):
        forecast_success(POPULATION, LearnerState(0.0, 1.0), beliefs([0.0, 1.0]), np.zeros(1))


def test_the_chance_of_a_goal_follows_from_the_interval() -> None:
    forecast = forecast_success(POPULATION, LearnerState(0.0, 1.0), beliefs([0.0]), np.zeros(1))
    assert forecast.chance_of(forecast.success) == pytest.approx(0.5)
    assert forecast.chance_of(forecast.low) == pytest.approx(0.9, abs=1e-3)
    assert forecast.chance_of(forecast.high) == pytest.approx(0.1, abs=1e-3)
    certain = forecast_success(POPULATION, LearnerState(0.0, 0.0), beliefs([0.0], 0.0), np.zeros(1))
    assert (certain.chance_of(0.4), certain.chance_of(0.6)) == (1.0, 0.0)
