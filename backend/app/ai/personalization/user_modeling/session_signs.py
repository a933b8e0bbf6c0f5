"""Signs worth a friendly word to a student during a session; they never lower an estimate or a grade.

References:
    Sievertsen, H. et al. (2016). Cognitive fatigue influences students' performance on standardized tests.
"""

import math
from collections.abc import Sequence
from statistics import fmean, pvariance

SLIP_FROM = 0.85
FATIGUE_WINDOW = 8
FATIGUE_Z = 1.64


def is_slip(probability: float, outcome: float) -> bool:
    """Whether a wrong answer was so unlikely that a slip is likelier than a gap in knowledge."""
    return outcome == 0.0 and probability >= SLIP_FROM


def looks_tired(residuals: Sequence[float]) -> bool:
    """Whether the last eight answers fell short of the session's earlier ones by more than chance explains.

    `residuals` are outcome minus predicted probability in order, so harder questions are already allowed for.
    """
    earlier, latest = residuals[:-FATIGUE_WINDOW], residuals[-FATIGUE_WINDOW:]
    if len(earlier) < FATIGUE_WINDOW:
        return False
    error = math.sqrt(pvariance(earlier) / len(earlier) + pvariance(latest) / len(latest))
    return fmean(earlier) - fmean(latest) > FATIGUE_Z * max(error, 1e-9)
