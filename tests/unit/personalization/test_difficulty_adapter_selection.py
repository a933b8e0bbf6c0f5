from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ai.personalization.difficulty_adapter.reasons import ReasonCode
from app.ai.personalization.difficulty_adapter.selection import TERMS, Candidates, choose
from app.ai.personalization.difficulty_adapter.target import Target
from app.domain.enums import AssignmentKind


def make_candidates(count: int, seed: int = 0) -> Candidates:
    rng = np.random.default_rng(seed)
    return Candidates(
        probability=rng.uniform(0.05, 0.98, count),
        difficulty=rng.normal(size=count),
        answers=rng.integers(0, 200, count).astype(np.float64),
        skill_need=rng.random(count),
        due=rng.random(count) * (rng.random(count) < 0.2),
        exposure=rng.random(count),
        repetition=rng.random(count),
    )


def plain(*probabilities: float) -> Candidates:
    values = np.array(probabilities)
    zero = np.zeros_like(values)
    return Candidates(values, zero, zero, zero, zero, zero, zero)


@pytest.mark.parametrize(("count", "share"), [(3, 0.10), (12, 0.10), (12, 0.0), (12, 1.0), (40, 0.5)])
def test_stated_propensity_is_the_frequency_of_the_choice(count: int, share: float) -> None:
    candidates, rng, runs = make_candidates(count, seed=count), np.random.default_rng(7), 8_000
    choices = [choose(candidates, Target(), rng, calibration_share=share) for _ in range(runs)]
    frequency = np.bincount([choice.index for choice in choices], minlength=count) / runs
    stated = {choice.index: choice.propensity for choice in choices}
    margin = 4.5 * np.sqrt(0.25 / runs)
    assert all(frequency[index] == pytest.approx(stated.get(index, 0.0), abs=margin) for index in range(count))


@given(st.integers(1, 60), st.integers(0, 10_000), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_propensity_is_a_probability_never_below_the_calibration_floor(count: int, seed: int, share: float) -> None:
    choice = choose(make_candidates(count, seed), Target(), np.random.default_rng(seed), calibration_share=share)
    assert 0 <= choice.index < count
    assert share / count - 1e-12 <= choice.propensity <= 1 + 1e-12
    assert tuple(choice.terms) == TERMS


def test_propensities_of_all_candidates_sum_to_one() -> None:
    candidates, rng = make_candidates(20), np.random.default_rng(3)
    stated = {(choice := choose(candidates, Target(), rng)).index: choice.propensity for _ in range(3_000)}
    assert len(stated) == 20
    assert sum(stated.values()) == pytest.approx(1)


def test_only_candidate_is_certain() -> None:
    choice = choose(plain(0.5), Target(), np.random.default_rng(0))
    assert choice.index == 0
    assert choice.propensity == pytest.approx(1)


def test_calibration_share_is_ten_percent_and_uniform() -> None:
    candidates, rng = make_candidates(10), np.random.default_rng(11)
    choices = [choose(candidates, Target(), rng) for _ in range(10_000)]
    calibration = [choice.index for choice in choices if choice.kind is AssignmentKind.CALIBRATION]
    assert len(calibration) / len(choices) == pytest.approx(0.10, abs=0.01)
    assert np.bincount(calibration, minlength=10) / len(calibration) == pytest.approx(np.full(10, 0.1), abs=0.03)


def test_adaptive_choice_is_near_the_target() -> None:
    candidates = plain(0.20, 0.50, 0.74, 0.95)
    choice = choose(candidates, Target(0.75), np.random.default_rng(0), calibration_share=0.0)
    assert choice.index == 2
    assert choice.propensity > 0.9
    assert choice.kind is AssignmentKind.ADAPTIVE


def test_due_question_counts_as_review_and_says_so() -> None:
    candidates = replace(plain(0.75, 0.75), due=np.array([0.0, 1.0]))
    choice = choose(candidates, Target(), np.random.default_rng(0), calibration_share=0.0)
    assert (choice.index, choice.kind) == (1, AssignmentKind.REVIEW)
    assert choice.reason == "Due for review; about 75 % likely to succeed"


def test_reason_names_the_skill_that_decided() -> None:
    candidates = replace(plain(0.744, 0.744), skill_need=np.array([1.0, 0.0]), skill_names=("fractions", "areas"))
    choice = choose(candidates, Target(), np.random.default_rng(0), calibration_share=0.0)
    assert choice.reason == "Practises fractions, which you are still learning; about 74 % likely to succeed"
    assert choice.reason_code is ReasonCode.SKILL_NEED
    assert choice.reason_parameters == {"success_percent": 74, "skill": "fractions"}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [(3.0, "Calibration question: helps us measure how hard it is"), (500.0, "drawn by chance")],
)
def test_calibration_reason(answers: float, sentence: str) -> None:
    candidates = replace(plain(0.3), answers=np.array([answers]))
    choice = choose(candidates, Target(), np.random.default_rng(0), calibration_share=1.0)
    assert sentence in choice.reason


@pytest.mark.parametrize(
    ("probability", "code"),
    [(0.4, ReasonCode.CHALLENGE), (0.75, ReasonCode.RIGHT_LEVEL), (0.97, ReasonCode.EASY)],
)
def test_reason_without_a_deciding_term_tells_the_level(probability: float, code: ReasonCode) -> None:
    choice = choose(plain(probability), Target(), np.random.default_rng(0), calibration_share=0.0)
    assert choice.reason_code is code


def test_lately_shown_and_repeated_questions_step_back() -> None:
    candidates = replace(plain(0.75, 0.75, 0.75), exposure=np.array([1.0, 0, 0]), repetition=np.array([0, 1.0, 0]))
    choice = choose(candidates, Target(), np.random.default_rng(0), calibration_share=0.0)
    assert choice.index == 2


@pytest.mark.parametrize("field", ["probability", "skill_need", "due", "exposure", "repetition"])
def test_values_that_are_not_numbers_are_refused(field: str) -> None:
    candidates = make_candidates(30)
    broken = getattr(candidates, field).copy()
    broken[4] = np.nan
    with pytest.raises(ValueError, match="finite"):
        choose(replace(candidates, **{field: broken}), Target(), np.random.default_rng(0))


def test_bad_input_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="no question"):
        choose(plain(), Target(), rng)
    with pytest.raises(ValueError, match="calibration share"):
        choose(plain(0.5), Target(), rng, calibration_share=1.2)
    with pytest.raises(ValueError, match="same shape"):
        replace(plain(0.5), due=np.zeros(2))
    with pytest.raises(ValueError, match="skill name"):
        replace(plain(0.5, 0.6), skill_names=("one",))
