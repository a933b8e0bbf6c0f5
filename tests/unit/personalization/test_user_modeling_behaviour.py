"""Response times and rapid guesses."""

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
