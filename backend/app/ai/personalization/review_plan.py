"""Spreading reviews over the days that are left before an exam."""

import math
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
DayArray: TypeAlias = NDArray[np.int64]

PEAK_LOAD: Final = 1.3
"""Most reviews on a day, as a multiple of the mean over all days."""
NOT_PLANNED: Final = -1


def plan_reviews(due_in_days: FloatArray, days: int, peak_load: float = PEAK_LOAD) -> DayArray:
    """A day for every card that falls due before the exam; each card is placed once, so plan again every day.

    A card goes to the free day nearest to its due day, the earlier one of two. No day gets more than `peak_load`
    times the mean load (rounded down, but never below the mean rounded up, without which the cards would not fit).

    Args:
        due_in_days: Days from now until each card is due, negative when overdue. Shape ``(n,)``.
        days: Study days before the exam, today included.
        peak_load: At least 1.

    Returns:
        Day number from 0 (today) to ``days - 1``, or -1 for a card that is not due before the exam. Shape ``(n,)``.

    Raises:
        ValueError: Without a study day, with a peak below 1 or with a due time that is not finite.
    """
    if days < 1 or peak_load < 1.0 or not np.isfinite(due_in_days).all():
        raise ValueError("A plan needs at least one day, a peak load of at least 1 and known due times.")
    plan = np.full(due_in_days.shape, NOT_PLANNED, dtype=np.int64)
    falling_due = np.flatnonzero(due_in_days < days)
    most = daily_limit(falling_due.size, days, peak_load)
    load, calendar = np.zeros(days, dtype=np.int64), np.arange(days)
    for card in falling_due[np.argsort(due_in_days[falling_due], kind="stable")]:
        wanted = max(0, math.floor(due_in_days[card]))
        distance = np.where(load < most, np.abs(calendar - wanted), days)
        plan[card] = day = int(distance.argmin())
        load[day] += 1
    return plan


def daily_limit(reviews: int, days: int, peak_load: float = PEAK_LOAD) -> int:
    """Most reviews on one day when so many are spread over so many days."""
    mean = reviews / days
    return max(math.ceil(mean), math.floor(peak_load * mean))
