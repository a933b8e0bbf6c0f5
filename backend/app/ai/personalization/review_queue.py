"""Which reviews come first, and how much a review is worth, for many cards at once."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.review_schedule import DEFAULT_PARAMETERS, DESIRED_RETENTION

FloatArray: TypeAlias = NDArray[np.float64]

DEFAULT_DECAY: Final = DEFAULT_PARAMETERS[-1]
NEED_AT_DUE: Final = 0.5


def retrievability(stability: FloatArray, days: FloatArray, decay: float = DEFAULT_DECAY) -> FloatArray:
    r"""Probability of recall $(1 + F t / S)^{-d}$ with $F = 0.9^{-1/d} - 1$, so that it is 0.9 at $t = S$ (FSRS-6).

    Args:
        stability: Days, positive. Shape ``(n,)``.
        days: Days since the last review; negative ones count as 0. Shape ``(n,)``.
        decay: The last FSRS parameter.
    """
    factor = 0.9 ** (-1.0 / decay) - 1.0
    recall: FloatArray = (1.0 + factor * np.maximum(days, 0.0) / stability) ** -decay
    return recall


def due_order(recall: FloatArray, is_due: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Positions of the due cards, the most nearly forgotten first; equal ones keep their order."""
    due = np.flatnonzero(is_due)
    return due[np.argsort(recall[due], kind="stable")]


def review_need(recall: FloatArray, desired_retention: float = DESIRED_RETENTION) -> FloatArray:
    """Urgency in [0, 1] for choosing questions: 0 above the desired retention, 0.5 at it, 1 at twice its loss."""
    loss = (1.0 - recall) / (1.0 - desired_retention)
    need: FloatArray = np.where(loss < 1.0 - 1e-9, 0.0, np.minimum(1.0, NEED_AT_DUE * loss))
    return need


def recall_gain(stability: FloatArray, days: FloatArray, horizon: float, grown: FloatArray) -> FloatArray:
    """How much likelier recall is `horizon` days from now when the card is reviewed now, in [0, 1]. Shape ``(n,)``.

    Args:
        stability: Present stability, days.
        days: Days since the last review.
        horizon: Days ahead.
        grown: Stability after a successful review now, days.
    """
    with_review = retrievability(grown, np.full_like(grown, horizon))
    return np.maximum(0.0, with_review - retrievability(stability, days + horizon))
