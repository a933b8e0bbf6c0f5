"""Response times, rapid guesses, slips and tiredness."""

import math

import numpy as np
import pytest

from app.ai.personalization.user_modeling.response_time import (
    ResponseTimeError,
    ResponseTimes,
    TimePrior,
    evidence_weight,
    fit_response_times,
    fit_time_prior,
    is_rapid_guess,
)
from app.ai.personalization.user_modeling.session_signs import is_slip, looks_tired

MINUTE = ResponseTimes(math.log(60.0), 0.5, 40)


def test_question_without_answers_has_the_prior() -> None:
    times = fit_response_times([], TimePrior(3.0, 0.7))
    assert (times.log_mean, times.log_variance, times.answers) == (pytest.approx(3.0), pytest.approx(0.7), 0)


def test_times_of_many_answers_are_recovered() -> None:
    rng = np.random.default_rng(1)
    seconds = np.exp(rng.normal(4.0, 0.6, 4000)).tolist()
    times = fit_response_times(seconds, TimePrior())
    assert times.log_mean == pytest.approx(4.0, abs=0.03)
    assert times.log_variance == pytest.approx(0.36, abs=0.03)
    assert times.median_s == pytest.approx(math.exp(times.log_mean))
    assert times.standard_score(times.median_s) == pytest.approx(0.0)


def test_prior_is_the_mean_over_questions() -> None:
    prior = fit_time_prior([[math.e, math.e**3], [math.e**4, math.e**4], [7.0]])
    assert prior.log_mean == pytest.approx(3.0)
    assert prior.log_variance == pytest.approx(1.0)
    with pytest.raises(ResponseTimeError):
        fit_time_prior([[3.0]])


@pytest.mark.parametrize(("seconds", "rapid"), [(5.9, True), (6.1, False), (0.0, True), (60.0, False)])
def test_a_tenth_of_the_median_is_rapid(seconds: float, rapid: bool) -> None:
    assert is_rapid_guess(seconds, MINUTE) is rapid
    assert evidence_weight(seconds, MINUTE) == (0.25 if rapid else 1.0)


def test_three_seconds_are_rapid_unless_the_text_is_short() -> None:
    quick = ResponseTimes(math.log(8.0), 0.5, 40)
    assert is_rapid_guess(2.0, quick)
    assert not is_rapid_guess(2.0, quick, reading_s=1.0)
    assert is_rapid_guess(0.7, quick, reading_s=1.0)


@pytest.mark.parametrize("seconds", [-1.0, math.nan, math.inf])
def test_impossible_times_are_refused(seconds: float) -> None:
    with pytest.raises(ResponseTimeError):
        is_rapid_guess(seconds, MINUTE)
    with pytest.raises(ResponseTimeError):
        fit_response_times([seconds], TimePrior())


def test_slip_is_a_wrong_answer_to_a_sure_question() -> None:
    assert is_slip(0.9, 0.0)
    assert not is_slip(0.9, 1.0)
    assert not is_slip(0.6, 0.0)


def test_tiredness_needs_a_clear_fall() -> None:
    fresh = [0.2, -0.7, 0.3, 0.25, 0.3, -0.6, 0.2, 0.3, 0.25, 0.2]
    assert looks_tired([*fresh, -0.7, -0.6, 0.2, -0.7, -0.8, -0.6, -0.7, 0.1])
    assert not looks_tired(fresh + fresh[:8])
    assert not looks_tired([-0.7] * 12)
