import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.personalization.user_modeling.cold_start import (
    Basis,
    ColdStartError,
    Estimate,
    combine,
    from_answers,
    from_metadata,
    from_neighbours,
    from_skill,
    from_stated,
    stated_variance,
)

estimates = st.builds(
    Estimate, st.sampled_from(list(Basis)), st.floats(-4, 4), st.floats(0.01, 10), st.integers(0, 1000)
)


def test_precise_estimates_weigh_more() -> None:
    combined = combine([Estimate(Basis.SKILL, 0.0, 1.0), Estimate(Basis.NEIGHBOURS, 1.0, 0.25)])
    assert combined.value == pytest.approx(0.8)
    assert combined.standard_error == pytest.approx(math.sqrt(0.2))
    assert combined.weights == ((Basis.SKILL, pytest.approx(0.2)), (Basis.NEIGHBOURS, pytest.approx(0.8)))
    assert combined.is_predicted


def test_answers_end_the_prediction() -> None:
    combined = combine([Estimate(Basis.SKILL, 0.0, 1.0), from_answers(1.2, information=40.0, answers=200)])
    assert combined.value == pytest.approx(1.2 * 40 / 41)
    assert not combined.is_predicted
    assert combined.answers == 200


@given(st.lists(estimates, min_size=1, max_size=5))
def test_combination_lies_between_and_is_surer(given_estimates: list[Estimate]) -> None:
    combined = combine(given_estimates)
    values = [estimate.difficulty for estimate in given_estimates]
    assert min(values) - 1e-9 <= combined.value <= max(values) + 1e-9
    assert combined.standard_error**2 <= min(estimate.variance for estimate in given_estimates) + 1e-9
    assert sum(share for _, share in combined.weights) == pytest.approx(1.0)


def test_skill_without_questions_is_the_prior() -> None:
    estimate = from_skill(np.array([]), prior_variance=0.8)
    assert (estimate.difficulty, estimate.variance) == (0.0, pytest.approx(1.2))


def test_skill_mean_follows_its_questions() -> None:
    estimate = from_skill(np.full(98, 1.0), prior_variance=1.0)
    assert estimate.difficulty == pytest.approx(0.98)
    assert estimate.variance < 0.05


def test_near_questions_speak_louder() -> None:
    likeness, difficulty = np.array([0.95, 0.6, 0.2]), np.array([1.0, -1.0, 9.0])
    estimate = from_neighbours(likeness, difficulty, np.full(3, 0.05))
    assert estimate is not None
    near, far = 1 / (0.05 + 0.5 / 0.9), 1 / (0.05 + 0.5 / 0.2)
    assert estimate.difficulty == pytest.approx((near - far) / (near + far))
    assert estimate.variance == pytest.approx(2 / (near + far))


def test_strangers_are_not_asked() -> None:
    assert from_neighbours(np.array([0.3]), np.array([1.0]), np.array([0.1])) is None


def test_metadata_is_a_level_on_a_scale() -> None:
    assert from_metadata(0.75, slope=4.0, variance=1.5) == Estimate(Basis.METADATA, 1.0, 1.5)


def test_stated_difficulties_are_trusted_as_far_as_they_were_right() -> None:
    assert stated_variance(np.zeros(0)) == 1.0
    assert stated_variance(np.full(98, 0.1)) == pytest.approx((0.98 + 2.0) / 100)
    assert stated_variance(np.full(98, 2.0)) == pytest.approx((98 * 4.0 + 2.0) / 100)
    assert from_stated(-0.5, 0.3) == Estimate(Basis.METADATA, -0.5, 0.3)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: combine([]),
        lambda: combine([Estimate(Basis.SKILL, math.nan, 1.0)]),
        lambda: combine([Estimate(Basis.SKILL, 0.0, 0.0)]),
        lambda: from_metadata(1.5, 4.0, 1.0),
        lambda: from_answers(0.0, 0.0, 3),
        lambda: from_neighbours(np.array([0.9]), np.array([math.nan]), np.array([0.1])),
        lambda: from_neighbours(np.array([0.9]), np.array([]), np.array([0.1])),
    ],
)
def test_unusable_estimates_are_refused(broken: object) -> None:
    with pytest.raises(ColdStartError):
        broken()  # type: ignore[operator]  # parametrised callables
