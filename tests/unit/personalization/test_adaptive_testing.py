import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ai.personalization.difficulty_adapter.ability import NODES, chance_above, estimate, observe, start_ability
from app.ai.personalization.difficulty_adapter.adaptive_testing import Blueprint, Progress, begin, next_question, record
from app.ai.personalization.difficulty_adapter.content_balance import ContentPlan
from app.ai.personalization.difficulty_adapter.exposure import overlap_rate, under_cap
from app.ai.personalization.difficulty_adapter.item_response import (
    ItemBank,
    information,
    rasch_bank,
    success_probability,
)
from app.ai.personalization.difficulty_adapter.stopping import Classification, StopReason, StopRule, stop_reason


def make_bank(size: int, seed: int = 0, guessing: float = 0.0) -> ItemBank:
    rng = np.random.default_rng(seed)
    return ItemBank(rng.uniform(0.5, 2.0, size), rng.normal(size=size), np.full(size, guessing))


def all_allowed(bank: ItemBank) -> np.ndarray:
    return np.ones(bank.size, dtype=np.bool_)


@given(st.floats(-4, 4), st.floats(0.3, 3), st.floats(-3, 3), st.sampled_from([0.0, 0.2, 0.5]))
def test_information_is_that_of_the_response_curve(ability: float, a: float, b: float, c: float) -> None:
    bank = ItemBank(np.array([a]), np.array([b]), np.array([c]))
    step = 1e-5
    slope = (success_probability(bank, ability + step) - success_probability(bank, ability - step)) / (2 * step)
    right = success_probability(bank, ability)
    assert information(bank, ability) == pytest.approx(slope**2 / (right * (1 - right)), rel=1e-4, abs=1e-9)


def test_information_survives_extreme_abilities() -> None:
    bank = make_bank(5, guessing=0.25)
    assert np.isfinite(information(bank, -800.0)).all()
    assert np.isfinite(information(bank, 800.0)).all()


def test_banks_with_impossible_values_are_refused() -> None:
    one = np.ones(1)
    with pytest.raises(ValueError, match="same shape"):
        ItemBank(one, np.ones(2), one * 0)
    with pytest.raises(ValueError, match="finite"):
        ItemBank(one, one * np.nan, one * 0)
    with pytest.raises(ValueError, match="positive"):
        ItemBank(one * 0, one, one * 0)


def test_ability_without_answers_is_the_prior() -> None:
    belief = estimate(start_ability(0.5, 0.8))
    assert belief.mean == pytest.approx(0.5, abs=1e-3)
    assert belief.standard_error == pytest.approx(0.8, abs=1e-3)
    low, high = belief.interval
    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.8, 0.5 + 1.96 * 0.8), abs=5e-3)


def test_ability_matches_direct_quadrature() -> None:
    bank, scores = make_bank(3, seed=4, guessing=0.2), [1.0, 0.0, 1.0]
    posterior = start_ability()
    for index, score in enumerate(scores):
        posterior = observe(posterior, bank, index, score)
    fine = np.linspace(-4, 4, 4001)
    right = np.array([success_probability(bank, node) for node in fine])
    density = np.exp(-(fine**2) / 2) * np.prod(np.where(np.array(scores) == 1.0, right, 1 - right), axis=1)
    mean = (density @ fine) / density.sum()
    deviation = np.sqrt((density @ (fine - mean) ** 2) / density.sum())
    belief = estimate(posterior)
    assert (belief.mean, belief.standard_error) == pytest.approx((mean, deviation), abs=2e-3)
    above = density[fine > 0.4].sum() / density.sum()
    assert chance_above(posterior, 0.4) == pytest.approx(above, abs=5e-3)


@given(st.lists(st.tuples(st.integers(0, 19), st.sampled_from([0.0, 0.5, 1.0])), max_size=20))
@settings(deadline=None)
def test_order_of_answers_does_not_matter_and_certainty_grows(answers: list[tuple[int, float]]) -> None:
    bank = make_bank(20)
    forward, backward = start_ability(), start_ability()
    for index, score in answers:
        forward = observe(forward, bank, index, score)
    for index, score in reversed(answers):
        backward = observe(backward, bank, index, score)
    assert estimate(forward).mean == pytest.approx(estimate(backward).mean)
    assert estimate(forward).standard_error <= estimate(start_ability()).standard_error + 1e-6


def test_bad_prior_or_score_is_refused() -> None:
    with pytest.raises(ValueError, match="prior"):
        start_ability(0.0, 0.0)
    with pytest.raises(ValueError, match="score"):
        observe(start_ability(), make_bank(1), 0, 1.5)


def test_pick_is_one_of_the_most_informative_unused() -> None:
    bank, rng = make_bank(50), np.random.default_rng(0)
    blueprint = Blueprint(bank)
    progress = record(blueprint, begin(), 7, 1.0)
    ability = estimate(progress.posterior).mean
    best = [index for index in np.argsort(-information(bank, ability)) if index != 7][:5]
    picks = [next_question(blueprint, progress, all_allowed(bank), rng) for _ in range(400)]
    indices = [pick.index for pick in picks if pick is not None]
    assert set(indices) == set(best)
    assert all(pick is not None and pick.propensity == 0.2 for pick in picks)
    assert np.bincount(indices)[best] / 400 == pytest.approx(np.full(5, 0.2), abs=0.08)


def test_cap_yields_only_when_nothing_else_is_left() -> None:
    bank, rng = rasch_bank(np.linspace(-1, 1, 4)), np.random.default_rng(0)
    blueprint, rested = Blueprint(bank), np.array([True, False, False, False])
    first = next_question(blueprint, begin(), rested, rng)
    assert first is not None
    assert first.index == 0
    second = next_question(blueprint, record(blueprint, begin(), 0, 1.0), rested, rng)
    assert second is not None
    assert second.index != 0
    assert next_question(blueprint, Progress(start_ability(), (0, 1, 2, 3)), rested, rng) is None


@pytest.mark.parametrize(("started", "shown", "free"), [(1, 0, True), (4, 1, False), (10, 1, True), (10, 2, False)])
def test_exposure_cap_of_a_fifth(started: int, shown: int, free: bool) -> None:
    assert under_cap(np.array([shown]), started).tolist() == [free]


def test_exposure_cap_must_be_a_share() -> None:
    with pytest.raises(ValueError, match="cap"):
        under_cap(np.array([0]), 1, cap=0.0)


def test_overlap_of_equal_and_of_disjoint_tests() -> None:
    assert overlap_rate(np.array([2, 2, 0]), 2) == 1.0
    assert overlap_rate(np.array([1, 1, 1, 1]), 2) == 0.0
    assert overlap_rate(np.array([0, 0]), 1) == 0.0


def test_quotas_are_met_within_one_question() -> None:
    rng = np.random.default_rng(5)
    bank = make_bank(300, seed=2)
    plan = ContentPlan(rng.integers(0, 3, 300), np.array([0.5, 0.3, 0.2]))
    blueprint, progress = Blueprint(bank, plan), begin()
    for _ in range(20):
        pick = next_question(blueprint, progress, all_allowed(bank), rng)
        assert pick is not None
        progress = record(blueprint, progress, pick.index, float(rng.integers(2)))
    reached = np.bincount(plan.area[list(progress.given)], minlength=3)
    assert np.abs(reached - 20 * plan.share).max() <= 1


def test_exhausted_area_is_passed_over() -> None:
    bank = rasch_bank(np.zeros(3))
    plan = ContentPlan(np.array([0, 1, 1]), np.array([0.9, 0.1]))
    pick = next_question(
        Blueprint(bank, plan), Progress(start_ability(), (0,)), all_allowed(bank), np.random.default_rng(0)
    )
    assert pick is not None
    assert pick.index in {1, 2}


def test_impossible_plans_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        ContentPlan(np.array([0]), np.array([0.5]))
    with pytest.raises(ValueError, match="content areas"):
        ContentPlan(np.array([2]), np.array([0.5, 0.5]))
    with pytest.raises(ValueError, match="one area"):
        Blueprint(make_bank(3), ContentPlan(np.array([0]), np.array([1.0])))
    with pytest.raises(ValueError, match="least one"):
        Blueprint(make_bank(3), randomesque=0)
    with pytest.raises(ValueError, match="least"):
        StopRule(most=3, least=4)
    with pytest.raises(ValueError, match="tolerated"):
        Classification(0.0, error=0.7)


def answered(scores: list[float], difficulty: float = 0.0) -> tuple[Progress, int]:
    blueprint, progress = Blueprint(rasch_bank(np.full(len(scores), difficulty))), begin()
    for index, score in enumerate(scores):
        progress = record(blueprint, progress, index, score)
    return progress, len(scores)


def test_tests_end_by_length_or_precision() -> None:
    progress, given_count = answered([1.0, 0.0] * 5)
    assert stop_reason(StopRule(most=30), progress.posterior, given_count) is None
    assert stop_reason(StopRule(most=10, standard_error=None), progress.posterior, given_count) is StopReason.LENGTH
    assert stop_reason(StopRule(standard_error=0.6), progress.posterior, given_count) is StopReason.PRECISION
    assert stop_reason(StopRule(least=11, standard_error=0.6), progress.posterior, given_count) is None


@pytest.mark.parametrize("indifference", [0.0, 0.5])
@pytest.mark.parametrize(
    ("scores", "verdict"),
    [([1.0] * 12, StopReason.ABOVE_CUT), ([0.0] * 12, StopReason.BELOW_CUT), ([1.0, 0.0] * 4, None)],
)
def test_clear_cases_are_classified_early(scores: list[float], verdict: StopReason | None, indifference: float) -> None:
    rule = StopRule(standard_error=None, classification=Classification(0.0, indifference=indifference))
    progress, given_count = answered(scores)
    assert stop_reason(rule, progress.posterior, given_count) is verdict


def test_grid_reaches_four_logits_on_both_sides() -> None:
    assert (NODES[0], NODES[-1], NODES.size) == (-4.0, 4.0, 61)
