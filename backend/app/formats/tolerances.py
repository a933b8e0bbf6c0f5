"""Tolerances for formats that know only absolute ones."""

import math

from app.domain.question_draft import NumericAnswer, ToleranceKind


def half_width(answer: NumericAnswer) -> float:
    """The tolerance as an absolute one."""
    if answer.kind is ToleranceKind.RELATIVE:
        return abs(answer.value) * answer.tolerance
    if answer.kind is ToleranceKind.SIGNIFICANT:
        magnitude = math.floor(math.log10(abs(answer.value))) if answer.value else 0
        return 0.5 * math.pow(10, magnitude - answer.tolerance + 1)
    return answer.tolerance
