"""The accepted numbers of a question, as tables and text formats write them."""

import math
import re
from decimal import Decimal

from app.domain.numbers import format_number, number_readings
from app.domain.question_draft import NumericAnswer, ToleranceKind

_MAX_LENGTH = 250  # two numbers; the patterns below are quadratic on white space
_RANGE = re.compile(r"(.+?)\s*\.\.\s*(.+)")
_WITH_TOLERANCE = re.compile(r"(.+?)\s*(?::|±|\+/-|\+-)\s*(.+)")


class NumberError(ValueError):
    """The text is no number, or could be two different ones."""


def number_of(text: str) -> float:
    """Value of `text`.

    Raises:
        NumberError: For ``1,000``, which is one or one thousand depending on the country, and for all that is no
            number: a key is not guessed.
    """
    readings = number_readings(text)
    if len(readings) != 1:
        fault = "could be two numbers" if readings else "is no number"
        raise NumberError(f"{text.strip()[:60]!r} {fault}; write it like 1234.5.")
    return readings[0]


def numeric_answer(text: str, tolerance: str = "") -> NumericAnswer:
    """An accepted number: ``3``, ``3:0.5``, ``3 ± 5%``, ``2.5..3.5``; ``tolerance`` holds for one without its own."""
    text = text.strip()
    if len(text) > _MAX_LENGTH:
        raise NumberError(f"{text[:60]!r} is too long for a number.")
    if (ends := _RANGE.fullmatch(text)) is not None:
        return range_answer(number_of(ends[1]), number_of(ends[2]))
    if (parts := _WITH_TOLERANCE.fullmatch(text)) is not None:
        text, tolerance = parts[1], parts[2]
    kind, width = _tolerance(tolerance)
    return NumericAnswer(value=number_of(text), kind=kind, tolerance=width)


def range_answer(low: float, high: float) -> NumericAnswer:
    if low > high:
        raise NumberError(f"The range {low} to {high} is empty.")
    half = (high - low) / 2
    if not math.isfinite(half):
        raise NumberError("The range is too wide.")
    return NumericAnswer(value=low + half, kind=ToleranceKind.RANGE, tolerance=half, low=low, high=high)


def _tolerance(text: str) -> tuple[ToleranceKind, float]:
    text = text.strip()
    if not text:
        return ToleranceKind.ABSOLUTE, 0.0
    if text.endswith("%"):
        return ToleranceKind.RELATIVE, float(Decimal(repr(abs(number_of(text[:-1])))) / 100)
    return ToleranceKind.ABSOLUTE, abs(number_of(text))


def text_of_answer(answer: NumericAnswer) -> str | None:
    """Text from which `numeric_answer` makes the same number and tolerance, or None where it has no such form."""
    value = format_number(answer.value)
    match answer.kind:
        case ToleranceKind.RANGE if answer.low is not None and answer.high is not None:
            return f"{format_number(answer.low)}..{format_number(answer.high)}"
        case ToleranceKind.RELATIVE:
            return f"{value}:{Decimal(repr(answer.tolerance)) * 100}%"
        case ToleranceKind.ABSOLUTE:
            return f"{value}:{format_number(answer.tolerance)}" if answer.tolerance else value
    return None
