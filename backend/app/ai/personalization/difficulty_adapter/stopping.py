"""When an adaptive test ends."""

from dataclasses import dataclass
from enum import StrEnum
from math import log

import numpy as np

from app.ai.personalization.difficulty_adapter.ability import NODES, AbilityPosterior, chance_above, estimate


class StopReason(StrEnum):
    LENGTH = "length"
    PRECISION = "precision"
    ABOVE_CUT = "above_cut"
    BELOW_CUT = "below_cut"


@dataclass(frozen=True, slots=True)
class Classification:
    """A pass mark; the test may end when the student clearly stands on one side.

    Attributes:
        cut: Pass mark on the ability scale, logits.
        error: Tolerated chance of a wrong decision, for either side.
        indifference: Half width of the zone in which either decision is acceptable, logits; 0 decides by the
            credible interval instead of the sequential test.
    """

    cut: float
    error: float = 0.05
    indifference: float = 0.3

    def __post_init__(self) -> None:
        if not (0.0 < self.error < 0.5 and self.indifference >= 0.0):  # noqa: PLR2004 - one half is a coin toss
            raise ValueError("The tolerated error must lie in (0, 0.5) and the indifference zone must not be negative.")


@dataclass(frozen=True, slots=True)
class StopRule:
    """Whatever is reached first ends the test, but never before `least` questions."""

    most: int = 30
    least: int = 5
    standard_error: float | None = 0.30
    classification: Classification | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most:
            raise ValueError("A test needs 1 <= least <= most questions.")


def stop_reason(rule: StopRule, posterior: AbilityPosterior, given: int) -> StopReason | None:
    """Why the test ends after `given` questions, or None when it goes on."""
    if given < rule.least:
        return None
    if rule.classification is not None and (side := classify(rule.classification, posterior)):
        return side
    if rule.standard_error is not None and estimate(posterior).standard_error <= rule.standard_error:
        return StopReason.PRECISION
    return StopReason.LENGTH if given >= rule.most else None


def classify(rule: Classification, posterior: AbilityPosterior) -> StopReason | None:
    """The side of the pass mark, once it is certain enough.

    References:
        Wald, A. (1947). Sequential Analysis. Wiley.
        Eggen, T. J. H. M. (1999). Item selection in adaptive testing with the sequential probability ratio test.
        Applied Psychological Measurement, 23(3), 249-261.
    """
    if rule.indifference == 0.0:
        above = chance_above(posterior, rule.cut)
        evidence, bound = above - 0.5, 0.5 - rule.error
    else:
        ends = (rule.cut + rule.indifference, rule.cut - rule.indifference)
        high, low = np.interp(ends, NODES, posterior.log_likelihood)
        evidence, bound = float(high - low), log((1.0 - rule.error) / rule.error)
    if abs(evidence) < bound:
        return None
    return StopReason.ABOVE_CUT if evidence > 0.0 else StopReason.BELOW_CUT
