"""Keeping questions of a test from being seen by too many."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

EXPOSURE_CAP: Final = 0.20


def under_cap(shown: NDArray[np.int64], tests_started: int, cap: float = EXPOSURE_CAP) -> NDArray[np.bool_]:
    """Questions that may be shown once more without exceeding the cap.

    Restricted exposure: a question whose share of started tests has reached the cap rests until enough further tests
    were started, so the cap holds at every moment and not only on average (after the first ``1 / cap`` tests, in
    which each question may appear once).

    Args:
        shown: In how many tests each question appeared, shape ``(n,)``.
        tests_started: Tests started so far, the present one included.
        cap: Largest share of tests that may contain one question.

    Returns:
        Boolean mask, shape ``(n,)``.

    References:
        Revuelta, J., & Ponsoda, V. (1998). A comparison of item exposure control methods in computerized adaptive
        testing. Journal of Educational Measurement, 35(4), 311-327.
    """
    if not 0.0 < cap <= 1.0:
        raise ValueError(f"The exposure cap must lie in (0, 1], not {cap}.")
    allowed = max(1, math.floor(cap * tests_started + 1e-9))
    return shown < allowed


def overlap_rate(shown: NDArray[np.int64], tests: int) -> float:
    """Expected share of questions that two random tests of equal length have in common.

    References:
        Chen, S.-Y., Ankenmann, R. D., & Spray, J. A. (2003). The relationship between item exposure and test overlap
        in computerized adaptive testing. Journal of Educational Measurement, 40(2), 129-145.
    """
    if tests < 2 or not shown.any():  # noqa: PLR2004 - two tests make a pair
        return 0.0
    shared_pairs = float((shown * (shown - 1)).sum()) / 2.0
    pairs = tests * (tests - 1) / 2.0
    return shared_pairs / pairs / (float(shown.sum()) / tests)
