"""Fractions of the points, as files round them."""

import math
from fractions import Fraction
from functools import lru_cache

_LARGEST_DENOMINATOR = 20
_ROUNDING = 1e-5


@lru_cache(maxsize=1024)
def unrounded(value: float, rounding: float = _ROUNDING) -> float:
    """The simple fraction that a file has rounded: 0.33333 is a third. Other values stay as they are."""
    if not math.isfinite(value):
        return value
    simple = float(Fraction(value).limit_denominator(_LARGEST_DENOMINATOR))
    return simple if abs(simple - value) <= rounding else value
