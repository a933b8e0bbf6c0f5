"""How hard practice should feel, and how a session steers back to it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import copysign
from typing import Final

LOWEST_SUCCESS: Final = 0.60
HIGHEST_SUCCESS: Final = 0.90
WINDOW: Final = 8
TOLERANCE: Final = 0.10
CORRECTION: Final = 0.5
"""Share of the deviation beyond the tolerance that an opposite shift answers; much more would swing to and fro."""


@dataclass(frozen=True, slots=True)
class Target:
    """Wanted probability of success, within what a student may set.

    Eggen & Verschoor (2006) show that asking easier items than the most informative ones costs little precision;
    0.75 keeps practice encouraging and still informative.

    References:
        Eggen, T. J. H. M., & Verschoor, A. J. (2006). Optimal testing with easy or difficult items in computerized
        adaptive testing. Applied Psychological Measurement, 30(5), 379-393.
    """

    success: float = 0.75

    def __post_init__(self) -> None:
        if not LOWEST_SUCCESS <= self.success <= HIGHEST_SUCCESS:
            raise ValueError(f"Target success must lie in [{LOWEST_SUCCESS}, {HIGHEST_SUCCESS}], not {self.success}.")


def shift_target(target: Target, recent_results: Sequence[float]) -> Target:
    """The working target after the last answers: easier after a bad run, harder after a good one.

    Always pass the student's own target, never an earlier working target, so that shifts do not add up.

    Args:
        target: What the student asked for.
        recent_results: Scores in [0, 1], oldest first; only the last 8 count, fewer change nothing.
    """
    if len(recent_results) < WINDOW:
        return target
    deviation = sum(recent_results[-WINDOW:]) / WINDOW - target.success
    excess = abs(deviation) - TOLERANCE
    if excess <= 0.0:
        return target
    shifted = target.success - copysign(CORRECTION * excess, deviation)
    return replace(target, success=min(max(shifted, LOWEST_SUCCESS), HIGHEST_SUCCESS))
