"""A student's own forgetting curve: parameters of FSRS-6 fitted on the student's reviews and judged on later ones.

Seven of the 21 parameters follow the student: the four stabilities after a first review, the scale by which stability
grows with a recall, the scale of what is left after a lapse, and the decay of the curve: one scale for each process and
the shape. The others describe how processes depend on difficulty and timing; a few hundred reviews tell too little of
them. A normal prior around the published defaults holds what the reviews leave open, so few reviews mean small changes.

References:
    Ye, J., Su, J., & Cao, Y. (2022). A stochastic shortest path algorithm for optimizing spaced repetition scheduling.
    Proceedings of KDD 2022, 4381-4390.
    Open Spaced Repetition (2025). fsrs-rs: defaults and spreads of the parameters over many users (`PARAMS_STDDEV`).
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.review_queue import FloatArray, retrievability
from app.ai.personalization.review_schedule import (
    DEFAULT_PARAMETERS,
    ReviewRating,
    ReviewSettings,
    parameter_bounds,
    stability_before,
)
from app.domain.enums import ReviewFitOutcome

Parameters: TypeAlias = tuple[float, ...]
BoolArray: TypeAlias = NDArray[np.bool_]

LEAST_REVIEWS: Final = 200
"""Reviews a day or more apart, without which nothing is fitted."""
HELD_OUT_SHARE: Final = 0.2
LEAST_HELD_OUT: Final = 30
MOST_REVIEWS: Final = 2_000
"""Reviews that a fit reads: of the cards reviewed last, each with its whole history. It bounds the time."""
DAY_S: Final = 86_400.0
STEPS: Final = 30
WIDEST: Final = 3.0
"""A fitted parameter stays within so many standard deviations of its default."""


class Fitted(NamedTuple):
    """One fitted parameter: its place, its spread over students, and whether that is one of the logarithm."""

    place: int
    spread: float
    is_log: bool


# Stabilities are positive and spread over magnitudes, so their logarithm is taken, with a factor e as one deviation.
FITTED: Final = (
    *(Fitted(place, 1.0, is_log=True) for place in range(4)),
    Fitted(8, 0.39, is_log=False),
    Fitted(11, 0.30, is_log=False),
    Fitted(20, 0.27, is_log=False),
)


class LoggedReview(NamedTuple):
    """One review in the order of the log; `at` is aware."""

    card: Hashable
    rating: ReviewRating
    at: datetime


@dataclass(frozen=True, slots=True)
class MemoryFit:
    """What a fit found.

    Attributes:
        outcome: What follows from it.
        parameters: In force from now on; None for the published defaults.
        reviews: Reviews at least a day after the one before, by which recall can be judged.
        held_out: The latest of them, which judged and did not take part in the fit.
        log_loss: Mean log loss on those under the fitted parameters; None where nothing was fitted.
        present_log_loss: The same under the parameters that were in force.
        standard_log_loss: The same under the published defaults.
    """

    outcome: ReviewFitOutcome
    parameters: Parameters | None
    reviews: int
    held_out: int = 0
    log_loss: float | None = None
    present_log_loss: float | None = None
    standard_log_loss: float | None = None


@dataclass(frozen=True, slots=True)
class ReviewHistory:
    """Reviews in order with what does not depend on parameters; arrays of shape ``(n,)``.

    `days` since the review before of the same card, NaN for a first one; `tells` where that is a day or more.
    """

    reviews: Sequence[LoggedReview]
    days: FloatArray
    recalled: FloatArray
    tells: BoolArray


def fit_memory(
    reviews: Sequence[LoggedReview], present: Parameters | None = None, seen_until: datetime | None = None
) -> MemoryFit:
    """Fit on the earlier reviews, and compare with the present and the standard parameters on the later ones.

    Args:
        reviews: Of one student, in the order of the log.
        present: The parameters in force; None for the published defaults.
        seen_until: When the parameters in force were fitted; only later reviews judge, which are new to all of them.
    """
    history = review_history(_latest_cards(reviews))
    count = int(history.tells.sum())
    if count < LEAST_REVIEWS:
        return MemoryFit(ReviewFitOutcome.TOO_FEW, present, count)
    split = _split(history, seen_until)
    held_out = history.tells & (np.arange(history.days.size) >= split)
    earlier = history.tells & ~held_out
    if held_out.sum() < LEAST_HELD_OUT:
        return MemoryFit(ReviewFitOutcome.TOO_FEW, present, count, int(held_out.sum()))
    if np.unique(history.recalled[earlier]).size < 2:  # noqa: PLR2004 - recalled and forgotten
        return MemoryFit(ReviewFitOutcome.UNIFORM, present, count, int(held_out.sum()))
    candidate = _fitted(review_history(history.reviews[:split]))
    if candidate is None:
        return MemoryFit(ReviewFitOutcome.FAILED, present, count, int(held_out.sum()))
    return _judged(history, held_out, candidate, present)


def review_history(reviews: Sequence[LoggedReview]) -> ReviewHistory:
    last: dict[Hashable, datetime] = {}
    days = np.full(len(reviews), np.nan)
    for number, each in enumerate(reviews):
        if each.card in last:
            days[number] = (each.at - last[each.card]).total_seconds() / DAY_S
        last[each.card] = each.at
    recalled = np.array([each.rating is not ReviewRating.AGAIN for each in reviews], dtype=np.float64)
    return ReviewHistory(reviews, days, recalled, days >= 1.0)


def recall_log_loss(history: ReviewHistory, parameters: Parameters, judged: BoolArray) -> FloatArray:
    """Log loss of recall at each judged review, in nats. Shape ``(judged,)``."""
    recall = np.clip(predicted_recall(history, parameters)[judged], 1e-6, 1.0 - 1e-6)
    outcome = history.recalled[judged]
    loss: FloatArray = -(outcome * np.log(recall) + (1.0 - outcome) * np.log1p(-recall))
    return loss


def predicted_recall(history: ReviewHistory, parameters: Parameters) -> FloatArray:
    """Chance of recall before each review; NaN where nothing can be predicted. Shape ``(n,)``.

    Raises:
        ValueError: If the parameters are not valid for FSRS-6.
    """
    stability = np.array(stability_before(history.reviews, ReviewSettings(parameters)), dtype=np.float64)
    days = np.where(history.tells, history.days, np.nan)
    return retrievability(stability, days, parameters[-1])


def _latest_cards(reviews: Sequence[LoggedReview]) -> Sequence[LoggedReview]:
    """All reviews of the cards that were reviewed last, as many cards as fit."""
    if len(reviews) <= MOST_REVIEWS:
        return reviews
    counts: dict[Hashable, int] = {}
    for each in reversed(reviews):
        counts[each.card] = counts.get(each.card, 0) + 1
    running = np.cumsum(list(counts.values()))
    kept = set(list(counts)[: max(1, int((running <= MOST_REVIEWS).sum()))])
    return [each for each in reviews if each.card in kept]


def _split(history: ReviewHistory, seen_until: datetime | None) -> int:
    """Place of the first held-out review: after the first four fifths, and after what the last fit has seen."""
    telling = np.flatnonzero(history.tells)
    split = int(telling[int(telling.size * (1.0 - HELD_OUT_SHARE))])
    if seen_until is not None:
        seen = [number for number, each in enumerate(history.reviews) if each.at <= seen_until]
        split = max(split, seen[-1] + 1 if seen else 0)
    return split


def _fitted(history: ReviewHistory) -> Parameters | None:
    """The most probable parameters (maximum a posteriori); None when there are none."""
    from scipy.optimize import minimize

    def objective(scores: FloatArray) -> float:
        return float(recall_log_loss(history, _parameters(scores), history.tells).sum() + 0.5 * scores @ scores)

    start = np.zeros(len(FITTED))
    found = minimize(
        objective, start, method="L-BFGS-B", bounds=_bounds(), options={"maxiter": STEPS, "eps": 1e-4, "ftol": 1e-7}
    )
    if not (np.isfinite(found.x).all() and math.isfinite(found.fun)):
        return None
    return _parameters(found.x)


def _parameters(scores: FloatArray) -> Parameters:
    """From deviations in units of spread to the 21 values."""
    values = list(DEFAULT_PARAMETERS)
    for score, (place, spread, is_log) in zip(scores.tolist(), FITTED, strict=True):
        low, high = parameter_bounds()[place]
        moved = values[place] * math.exp(score * spread) if is_log else values[place] + score * spread
        values[place] = min(max(moved, low), high)
    return tuple(values)


def _bounds() -> list[tuple[float, float]]:
    """Of the deviations, so that every parameter stays valid."""
    found = []
    for place, spread, is_log in FITTED:
        default, ends = DEFAULT_PARAMETERS[place], parameter_bounds()[place]
        scores = [(math.log(end / default) if is_log else end - default) / spread for end in ends]
        found.append((max(-WIDEST, scores[0]), min(WIDEST, scores[1])))
    return found


def _judged(
    history: ReviewHistory, held_out: BoolArray, candidate: Parameters, present: Parameters | None
) -> MemoryFit:
    standard = recall_log_loss(history, DEFAULT_PARAMETERS, held_out)
    own = recall_log_loss(history, candidate, held_out)
    former = standard if present is None else recall_log_loss(history, present, held_out)
    outcome, parameters = ReviewFitOutcome.KEPT, present
    if _is_better(own, former) and _is_better(own, standard):
        outcome, parameters = ReviewFitOutcome.OWN, candidate
    elif standard.mean() < former.mean():
        outcome, parameters = ReviewFitOutcome.STANDARD, None
    means = (float(loss.mean()) for loss in (own, former, standard))
    return MemoryFit(outcome, parameters, int(history.tells.sum()), int(held_out.sum()), *means)


def _is_better(own: FloatArray, other: FloatArray) -> bool:
    """Lower by more than one standard error of the paired difference; a few dozen reviews are a small jury."""
    gain = other - own
    return bool(gain.mean() > gain.std() / math.sqrt(gain.size))
