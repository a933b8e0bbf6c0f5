r"""How long a question takes, and whether an answer came too fast to have been thought about.

The log of a response time is taken as normal: $\ln t \sim N(\beta_i - \tau_u, \sigma_i^2)$.

References:
    van der Linden, W. (2006). A lognormal model for response times on test items.
    Wise, S., Ma, L. (2012). Setting response time thresholds for a CAT item pool: the normative threshold method.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

RAPID_SHARE = 0.10
RAPID_UNREAD_S = 3.0
RAPID_WEIGHT = 0.25
PRIOR_ANSWERS = 5.0
MIN_SECONDS, MAX_SECONDS = 0.1, 3600.0


class ResponseTimeError(ValueError):
    """A response time that is negative, NaN or infinite, or a question without any."""


@dataclass(frozen=True, slots=True)
class TimePrior:
    """What is expected of a question without answers: mean and variance of the log of seconds."""

    log_mean: float = 3.4
    log_variance: float = 0.8


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """Log-normal times of one question: mean and variance of the log of seconds, and the answers behind them."""

    log_mean: float
    log_variance: float
    answers: int

    @property
    def median_s(self) -> float:
        return math.exp(self.log_mean)

    def standard_score(self, seconds: float) -> float:
        """How many standard deviations slower than usual an answer came."""
        return (_log_seconds(seconds) - self.log_mean) / math.sqrt(self.log_variance)


def fit_response_times(seconds: Sequence[float], prior: TimePrior) -> ResponseTimes:
    """Times of one question, pulled towards the prior as if that were five answers more.

    Times are cut off at a tenth of a second and an hour: a window left open says nothing of the question.

    Raises:
        ResponseTimeError: If a time is negative, NaN or infinite.
    """
    logs = [_log_seconds(value) for value in seconds]
    count = len(logs)
    mean = (PRIOR_ANSWERS * prior.log_mean + sum(logs)) / (PRIOR_ANSWERS + count)
    squares = sum((value - mean) ** 2 for value in logs) + PRIOR_ANSWERS * (prior.log_mean - mean) ** 2
    variance = (PRIOR_ANSWERS * prior.log_variance + squares) / (PRIOR_ANSWERS + count)
    return ResponseTimes(mean, variance, count)


def fit_time_prior(questions: Sequence[Sequence[float]]) -> TimePrior:
    """Mean log time over questions and mean variance within them, each question counting once.

    Raises:
        ResponseTimeError: If no question has two answers or more, or a time is not usable.
    """
    logs = [[_log_seconds(value) for value in seconds] for seconds in questions if len(seconds) > 1]
    if not logs:
        raise ResponseTimeError("A prior of response times needs a question with at least two answers.")
    means = [fmean(values) for values in logs]
    within = [
        sum((value - mean) ** 2 for value in values) / (len(values) - 1)
        for values, mean in zip(logs, means, strict=True)
    ]
    return TimePrior(fmean(means), max(fmean(within), 1e-3))


def is_rapid_guess(seconds: float, times: ResponseTimes | None, reading_s: float = RAPID_UNREAD_S) -> bool:
    """Whether an answer came in less than a tenth of the usual time, or faster than its text can be read.

    `reading_s` is the shortest time to read the question; it counts up to three seconds. Without `times` it decides
    alone.

    Raises:
        ResponseTimeError: If the response time is negative, NaN or infinite.
    """
    _log_seconds(seconds)
    usual_s = 0.0 if times is None else times.median_s
    return seconds < max(RAPID_SHARE * usual_s, min(reading_s, RAPID_UNREAD_S))


def evidence_weight(seconds: float, times: ResponseTimes | None, reading_s: float = RAPID_UNREAD_S) -> float:
    """Weight of an answer in `kalman.update`: a rapid guess tells a quarter of what a considered answer does."""
    return RAPID_WEIGHT if is_rapid_guess(seconds, times, reading_s) else 1.0


def _log_seconds(seconds: float) -> float:
    if not (math.isfinite(seconds) and seconds >= 0.0):
        raise ResponseTimeError("A response time must be finite and not negative.")
    return math.log(min(max(seconds, MIN_SECONDS), MAX_SECONDS))
