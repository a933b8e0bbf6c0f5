"""Formula questions of Canvas, whose numbers are drawn anew for each student."""

import math
import re
from html import escape

from app.domain.enums import QuestionType
from app.domain.expressions import ExpressionError, evaluate
from app.domain.numbers import parse_number
from app.domain.question_draft import Parametric, ToleranceKind, Variable
from app.formats.formulas import FormulaError, expression_of
from app.formats.items import ItemError, UncarriedError
from app.formats.numbers import NumberError, number_of
from app.formats.qti12.items import Item
from app.formats.reading import ProblemCode
from app.formats.xml_reading import Element, child, children, descendants, text_of

_KIND = "calculated"
_MOST_DECIMALS = 9
_NAME = re.compile(r"[^a-z0-9_]+")
_RELATIVE_ERROR = 1e-6


def calculated(item: Item) -> dict[str, object]:
    """A parametric question.

    Raises:
        UncarriedError: When our arithmetic does not give the answers that the file lists for its sets of numbers.
    """
    found = next(descendants(item.element, "calculated"), None)
    if found is None:
        raise UncarriedError(_KIND)
    variables = {name: _variable(own, each) for name, own, each in _listed(found)}
    names = {name: variable.name for name, variable in variables.items()}
    parametric = _parametric(found, variables, names)
    if not variables or not _gives_listed_answers(parametric.expression, found, names):
        raise UncarriedError(_KIND)
    stem = item.stem
    for name, own in names.items():
        stem = stem.replace(f"[{escape(name, quote=False)}]", f"{{{{{own}}}}}")
    return {"type": QuestionType.PARAMETRIC, "stem": stem, "parametric": parametric}


def _listed(found: Element) -> list[tuple[str, str, Element]]:
    """Name, our name and definition of each variable."""
    listed = child(found, "vars")
    elements = [*children(listed, "var")] if listed is not None else []
    own: list[str] = []
    for each in elements:
        wanted = _NAME.sub("_", (each.get("name") or "").lower()).lstrip("_0123456789")[:16] or "x"
        own.append(f"{wanted}_{len(own) + 1}" if wanted in own or wanted in {"e", "pi"} else wanted)
    return [(each.get("name") or "", name, each) for each, name in zip(elements, own, strict=True)]


def _variable(name: str, element: Element) -> Variable:
    digits = int(_number(element.get("scale") or "0"))
    low, high = _number(text_of(element, "min") or "0"), _number(text_of(element, "max") or "0")
    if not 0 <= digits <= _MOST_DECIMALS or low > high:
        raise UncarriedError(_KIND)
    return Variable(name=name, low=low, high=high, step=math.pow(10, -digits))


def _parametric(found: Element, variables: dict[str, Variable], names: dict[str, str]) -> Parametric:
    listed = child(found, "formulas")
    formulas = [text_of(each) for each in children(listed, "formula")] if listed is not None else []
    try:
        expression = expression_of(formulas, names)
    except FormulaError as error:
        raise UncarriedError(_KIND) from error
    decimals = parse_number(listed.get("decimal_places") or "") if listed is not None else None
    is_scientific = listed is not None and listed.get("scientific_notation") == "true"
    kind, tolerance = _tolerance(child(found, "answer_tolerance"))
    if is_scientific and not tolerance and decimals is not None:
        kind, tolerance = ToleranceKind.SIGNIFICANT, decimals + 1
    elif decimals is not None and not is_scientific:
        expression = f"round({expression}, {int(decimals)})"
    return Parametric(variables=tuple(variables.values()), expression=expression, kind=kind, tolerance=tolerance)


def _tolerance(element: Element | None) -> tuple[ToleranceKind, float]:
    text = text_of(element) if element is not None else ""
    width = abs(_number(text.removesuffix("%") or "0"))
    is_relative = text.endswith("%") or (element is not None and element.get("margin_type") == "percent")
    return (ToleranceKind.RELATIVE, width / 100) if is_relative else (ToleranceKind.ABSOLUTE, width)


def _gives_listed_answers(expression: str, found: Element, names: dict[str, str]) -> bool:
    """Canvas lists sets of numbers with their answers; they show whether its functions mean what ours mean."""
    formulas = child(found, "formulas")
    decimals = formulas.get("decimal_places") if formulas is not None else None
    unit = math.pow(10, -(parse_number(decimals or "") or 0))
    for listed in descendants(found, "var_set"):
        values = {
            names[name]: _number(text_of(each))
            for each in children(listed, "var")
            if (name := each.get("name") or "") in names
        }
        wanted = _number(text_of(listed, "answer"))
        try:
            computed = evaluate(expression, values)
        except ExpressionError:
            return False
        if abs(computed - wanted) > unit * max(1.0, _magnitude(wanted)) + abs(wanted) * _RELATIVE_ERROR:
            return False
    return True


def _magnitude(value: float) -> float:
    return math.pow(10, math.floor(math.log10(abs(value)))) if value else 0.0


def _number(text: str) -> float:
    try:
        return number_of(text.replace("*10^", "e"))
    except NumberError as error:
        raise ItemError(ProblemCode.NUMBER, str(error)) from error
