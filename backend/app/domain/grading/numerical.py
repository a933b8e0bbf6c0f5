"""Numbers with tolerance and units; also the computed ones of parametric questions."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Context, Decimal

from app.domain.grading.result import Grade, graded, invalid, shown_feedback
from app.domain.grading.units import read_quantity
from app.domain.numbers import format_number, uses_decimal_comma
from app.domain.question_draft import Numeric, NumericAnswer, ToleranceKind, Unit
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response

SLACK = 1e-12  # relative; decimal fractions and unit factors are not exact in binary
_MOST_DIGITS = 15
_EXACT = Context(prec=400)


def grade_numerical(content: QuestionContent, key: QuestionKey, response: Response) -> Grade:
    return grade_number(key.numeric or Numeric(), response.text or "", content.language)


def solve_numerical(content: QuestionContent, key: QuestionKey) -> Response | None:
    text = right_number(key.numeric or Numeric(), content.language)
    return None if text is None else Response(text=text)


def grade_number(numeric: Numeric, text: str, language: str = "") -> Grade:
    """The best accepted number counts, as does the best reading of an ambiguous text."""
    if not text.strip():
        return invalid("Write a number.")
    quantity = read_quantity(text, numeric.units, decimal_comma=uses_decimal_comma(language))
    if quantity is None:
        return invalid(_unreadable(numeric.units))
    if numeric.unit_required and quantity.unit is None:
        return invalid(_unreadable(numeric.units))
    matching = [answer for answer in numeric.answers if any(accepts(answer, value) for value in quantity.readings)]
    if not matching:
        return graded(0.0)
    best = max(matching, key=lambda answer: answer.weight)
    return graded(best.weight, feedback=shown_feedback(best.feedback))


def right_number(numeric: Numeric, language: str = "") -> str | None:
    """A text that gets full marks, with a unit where one is needed."""
    candidates = (text for answer in numeric.answers for text in _candidates(answer, numeric))
    return next((text for text in candidates if grade_number(numeric, text, language).fraction == 1), None)


def accepts(answer: NumericAnswer, value: float) -> bool:
    match answer.kind:
        case ToleranceKind.ABSOLUTE:
            return _is_near(value, answer.value, answer.tolerance)
        case ToleranceKind.RELATIVE:
            return _is_near(value, answer.value, answer.tolerance * abs(answer.value))
        case ToleranceKind.RANGE:
            low, high = answer.low or 0.0, answer.high or 0.0
            return low - SLACK * abs(low) <= value <= high + SLACK * abs(high)
        case ToleranceKind.SIGNIFICANT:
            digits = min(max(int(answer.tolerance), 1), _MOST_DIGITS)
            return _rounded(value, digits) == _rounded(answer.value, digits)


def _is_near(value: float, expected: float, tolerance: float) -> bool:
    return abs(value - expected) <= tolerance + SLACK * max(abs(expected), tolerance)


def _rounded(value: float, digits: int) -> Decimal:
    """To significant digits, halves away from zero."""
    number = Decimal(repr(value))
    if not number:
        return number
    unit = Decimal(1).scaleb(number.adjusted() - digits + 1)
    return number.quantize(unit, ROUND_HALF_UP, _EXACT)


def _unreadable(units: Iterable[Unit]) -> str:
    names = ", ".join(unit.name for unit in units)
    return f"Write a number with one of the units {names}." if names else "Write a number alone, such as 3.14."


def _candidates(answer: NumericAnswer, numeric: Numeric) -> Iterator[str]:
    value = answer.value
    if answer.kind is ToleranceKind.RANGE and not accepts(answer, value):
        value = (answer.low or 0.0) / 2 + (answer.high or 0.0) / 2
    if not numeric.unit_required:
        yield format_number(value)
    for unit in numeric.units:
        if unit.multiplier:
            yield f"{format_number(value / unit.multiplier)} {unit.name}"
