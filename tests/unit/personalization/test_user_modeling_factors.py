import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.personalization.user_modeling.factors import FactorState, new_factors, read_factors, step_factors
from app.ai.personalization.user_modeling.state import NotFiniteError, Population

POPULATION = Population(user_variance=0.8, user_drift=0.001)
small = st.floats(-1, 1)


def test_prior_reads_as_the_general_ability_plus_loadings() -> None:
    reading = read_factors(new_factors(POPULATION, 2), (0.5, -0.2))
    assert reading.level == 0.0
    assert reading.variance == pytest.approx(0.8 + 0.25 + 0.04)
    assert reading.covariance == pytest.approx((0.8, 0.5, -0.2))


@given(
    loadings=st.tuples(small, small), gain=small, shrink=st.floats(0, 0.5), root=st.lists(small, min_size=9, max_size=9)
)
def test_step_is_the_kalman_update_in_matrices(
    loadings: tuple[float, float], gain: float, shrink: float, root: list[float]
) -> None:
    matrix = np.array(root).reshape(3, 3)
    covariance = matrix @ matrix.T + 0.1 * np.eye(3)
    state = FactorState((0.3, -0.1, 0.2), tuple(map(tuple, covariance.tolist())))
    direction = np.array([1.0, *loadings])
    reading = read_factors(state, loadings)
    after = step_factors(POPULATION, state, reading, gain, shrink)
    link = covariance @ direction
    assert reading.variance == pytest.approx(direction @ covariance @ direction)
    assert after.mean == pytest.approx(np.array(state.mean) + gain * link)
    drift = np.diag([0.001, 0.002, 0.002])
    assert np.array(after.covariance) == pytest.approx(covariance - shrink * np.outer(link, link) + drift)


def test_answers_to_one_kind_of_question_tell_of_its_opposite() -> None:
    state = new_factors(POPULATION, 1)
    before = read_factors(state, (-1.0,)).level
    for _ in range(5):
        state = step_factors(POPULATION, state, read_factors(state, (1.0,)), gain=0.3, shrink=0.1)
    assert read_factors(state, (1.0,)).level > 1.0
    assert read_factors(state, (-1.0,)).level < read_factors(state, (1.0,)).level
    assert before == 0.0


def test_profile_and_question_must_fit() -> None:
    with pytest.raises(ValueError, match="factors"):
        read_factors(new_factors(POPULATION, 2), (0.1,))
    with pytest.raises(NotFiniteError):
        read_factors(new_factors(POPULATION, 1), (math.nan,))
