"""Content quotas of a test."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.ai.personalization.difficulty_adapter.item_response import FloatArray


@dataclass(frozen=True, slots=True)
class ContentPlan:
    """Which content area each question belongs to and how large a share each area shall have.

    Attributes:
        area: Area number of each question, shape ``(n,)``.
        share: Wanted share of each area, shape ``(k,)``, adding up to 1.
    """

    area: NDArray[np.int64]
    share: FloatArray

    def __post_init__(self) -> None:
        if not (self.share >= 0.0).all() or abs(float(self.share.sum()) - 1.0) > 1e-6:  # noqa: PLR2004 - rounding
            raise ValueError("The shares of the content areas must be positive and add up to 1.")
        if self.area.size and not (self.area.min() >= 0 and self.area.max() < self.share.size):
            raise ValueError("Every question needs one of the content areas.")


def next_area(plan: ContentPlan, given: NDArray[np.int64], allowed: NDArray[np.bool_]) -> int | None:
    """The area furthest below its share among those that still have an allowed question.

    Args:
        plan: Areas and shares.
        given: Indices of the questions already given.
        allowed: Questions that may be given now, shape ``(n,)``.

    References:
        Kingsbury, G. G., & Zara, A. R. (1989). Procedures for selecting items for computerized adaptive tests.
        Applied Measurement in Education, 2(4), 359-375.
    """
    areas = plan.share.size
    available = np.bincount(plan.area[allowed], minlength=areas) > 0
    wanted = available & (plan.share > 0.0)
    if not wanted.any():
        return None
    reached = np.bincount(plan.area[given], minlength=areas) / max(given.size, 1)
    return int(np.argmax(np.where(wanted, plan.share - reached, -np.inf)))
