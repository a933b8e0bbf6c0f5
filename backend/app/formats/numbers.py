"""Numbers as people and programs write them, and the accepted numbers of a question."""

import math
import re
from decimal import Decimal, InvalidOperation

from app.domain.question_draft import NumericAnswer, ToleranceKind

_SPACES = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?:\D|$))")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d+(?:\.\d{3})+,\d*|0?,\d+|\d*,(?:\d{1,2}|\d{4,}))(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3}){2,}(?:\.\d*)?|[+-]?\d{1,3}(?:,\d{3})+\.\d*")
_RANGE = re.compile(r"(.+?)\s*\.\.\s*(.+)")
_WITH_TOLERANCE = re.compile(r"(.+?)\s*(?::|±|\+/-|\+-)\s*(.+)")


class NumberError(ValueError):
    """The text is no number, or could be two different ones."""


def number_of(text: str) -> float:
    """Value of `text`: ``3.14``, ``3,14``, ``1 000.5``, ``1,000,000``, ``1e-3``.

    Raises:
        NumberError: For ``1,000``, which is one or one thousand depending on the country, and for all else.
    """
    return float(_decimal_of(text))


def _decimal_of(text: str) -> Decimal:
    plain = _SPACES.sub("", text.strip().replace("\N{MINUS SIGN}", "-"))
    if _DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not plain.isascii() or not _PLAIN.fullmatch(plain):
        raise NumberError(f"{text.strip()[:60]!r} is no clear number; write it like 1234.5.")
    return _finite(plain)


def _finite(plain: str) -> Decimal:
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise NumberError(f"{plain[:60]!r} is no number.") from error
    if not math.isfinite(float(value)):
        raise NumberError(f"{plain[:60]!r} is too large.")
    return value


def text_of_number(value: float) -> str:
    """Shortest text from which `number_of` makes exactly this value."""
    text = repr(value)
    return text.removesuffix(".0")


def numeric_answer(text: str, tolerance: str = "") -> NumericAnswer:
    """An accepted number: ``3``, ``3:0.5``, ``3 ± 5%``, ``2.5..3.5``; ``tolerance`` holds for one without its own."""
    if (ends := _RANGE.fullmatch(text.strip())) is not None:
        return range_answer(number_of(ends[1]), number_of(ends[2]))
    if (parts := _WITH_TOLERANCE.fullmatch(text.strip())) is not None:
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
        return ToleranceKind.RELATIVE, float(abs(_decimal_of(text[:-1])) / 100)
    return ToleranceKind.ABSOLUTE, abs(number_of(text))


def text_of_answer(answer: NumericAnswer) -> str | None:
    """Text from which `numeric_answer` makes the same number and tolerance, or None where it has no such form."""
    value = text_of_number(answer.value)
    match answer.kind:
        case ToleranceKind.RANGE if answer.low is not None and answer.high is not None:
            return f"{text_of_number(answer.low)}..{text_of_number(answer.high)}"
        case ToleranceKind.RELATIVE:
            return f"{value}:{Decimal(repr(answer.tolerance)) * 100}%"
        case ToleranceKind.ABSOLUTE:
            return f"{value}:{text_of_number(answer.tolerance)}" if answer.tolerance else value
    return None
