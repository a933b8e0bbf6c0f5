"""Questions with seeded numbers: the same seed gives the same numbers on every machine and version."""

import hashlib
import re
from collections.abc import Mapping
from decimal import Context, Decimal

from app.domain.expressions import ExpressionError, evaluate
from app.domain.numbers import format_number
from app.domain.question_draft import Numeric, NumericAnswer, Parametric, ToleranceKind, Variable

MAX_DRAWS = 100

_PLACEHOLDER = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,19})\s*(?::\s*(1[0-5]|[0-9])\s*)?\}\}")
_EXACT = Context(prec=50)


class ParametricError(ValueError):
    """No draw of the variables gives the expression a finite value."""


def instantiate(parametric: Parametric, seed: int) -> dict[str, float]:
    """Values of the variables for one shown question.

    The n-th draw of a variable is taken from its values by SHA-256 of ``seed:n:name``. A draw for which the
    expression has no finite value is repeated with the next n.

    Raises:
        ParametricError: After `MAX_DRAWS` draws without a value.
    """
    for draw in range(MAX_DRAWS):
        values = {each.name: _drawn(each, f"{seed}:{draw}:{each.name}") for each in parametric.variables}
        try:
            evaluate(parametric.expression, values)
        except ExpressionError as error:
            reason = error
        else:
            return values
    raise ParametricError(f"No value after {MAX_DRAWS} draws. {reason}")


def answer_value(parametric: Parametric, values: Mapping[str, float]) -> float:
    """Raises `ExpressionError` for values that `instantiate` would not give."""
    return evaluate(parametric.expression, values)


def drawn_numeric(parametric: Parametric, seed: int) -> Numeric:
    """The key of the question as shown with this seed."""
    value = answer_value(parametric, instantiate(parametric, seed))
    # A half-width of a computed value has no ends of its own: a range is its absolute tolerance.
    kind = ToleranceKind.ABSOLUTE if parametric.kind is ToleranceKind.RANGE else parametric.kind
    answer = NumericAnswer(value=value, kind=kind, tolerance=parametric.tolerance)
    return Numeric(answers=(answer,), units=parametric.units)


def render(template: str, values: Mapping[str, float]) -> str:
    """The template with ``{{name}}`` and ``{{name:digits}}`` filled in; unknown names stay."""
    return _PLACEHOLDER.sub(lambda placeholder: _filled(placeholder, values), template)


def placeholders(template: str) -> set[str]:
    return {placeholder[1] for placeholder in _PLACEHOLDER.finditer(template)}


def _filled(placeholder: re.Match[str], values: Mapping[str, float]) -> str:
    value = values.get(placeholder[1])
    if value is None:
        return placeholder[0]
    text = format_number(value) if placeholder[2] is None else f"{value:.{placeholder[2]}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def _drawn(variable: Variable, label: str) -> float:
    number = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big")
    if variable.values:
        return variable.values[number % len(variable.values)]
    low, high, step = (Decimal(repr(bound)) for bound in (variable.low, variable.high, variable.step))
    steps = max(0, int(_EXACT.divide(_EXACT.subtract(high, low), step)))
    return float(_EXACT.fma(Decimal(number % (steps + 1)), step, low))
