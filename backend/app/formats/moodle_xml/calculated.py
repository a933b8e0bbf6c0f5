"""Moodle questions whose numbers are drawn anew for each student."""

import math
import re

from app.domain.enums import QuestionType
from app.domain.question_draft import Parametric, ToleranceKind, Variable
from app.formats.formulas import FormulaError, expression_of
from app.formats.items import UncarriedError
from app.formats.moodle_xml.answers import Fields, fraction_of, number, units_of
from app.formats.moodle_xml.texts import QuestionTexts, raw_text
from app.formats.xml_reading import Element, child, children, descendants, text_of

_PLACEHOLDER = re.compile(r"\{\s*([A-Za-z][^{}<>=\s]{0,60})\s*\}")
_COMPUTED_TEXT = re.compile(r"\{=")
_NAME = re.compile(r"[^a-z0-9_]+")
_TOLERANCES = {"1": ToleranceKind.RELATIVE, "2": ToleranceKind.ABSOLUTE}
_MOST_DECIMALS = 9
_MOST_VALUES = 1000


def calculated(question: Element, texts: QuestionTexts) -> Fields:
    """A parametric question.

    Raises:
        UncarriedError: When its formula or its numbers cannot be held here.
    """
    variables = {name: _variable(own, definition) for name, own, definition in _definitions(question)}
    known = {name: variable for name, variable in variables.items() if variable is not None}
    if not known or len(known) < len(variables) or _COMPUTED_TEXT.search(texts.stem):
        raise UncarriedError(_kind(question))
    names = {name: variable.name for name, variable in known.items()}
    shown = _PLACEHOLDER.sub(lambda place: f"{{{{{names[place[1]]}}}}}" if place[1] in names else place[0], texts.stem)
    parametric = _parametric(question, tuple(known.values()), names)
    return {"type": QuestionType.PARAMETRIC, "stem": shown, "parametric": parametric}


def _kind(question: Element) -> str:
    return question.get("type") or "calculated"


def _parametric(question: Element, variables: tuple[Variable, ...], names: dict[str, str]) -> Parametric:
    """The answer that earns most is the expression; there is place for one only."""
    answer = max(children(question, "answer"), key=_fraction, default=None)
    kind = _TOLERANCES.get(text_of(answer, "tolerancetype") or "1")
    if answer is None or kind is None:
        raise UncarriedError(_kind(question))
    try:
        expression = expression_of([_with_names(raw_text(answer), names)], {name: name for name in names.values()})
    except FormulaError as error:
        raise UncarriedError(_kind(question)) from error
    tolerance = abs(number(text_of(answer, "tolerance") or "0"))
    return Parametric(
        variables=variables, expression=expression, kind=kind, tolerance=tolerance, units=units_of(question)
    )


def _fraction(answer: Element) -> float:
    return fraction_of(answer.get("fraction") or "0")


def _definitions(question: Element) -> list[tuple[str, str, Element]]:
    """Name, our name and definition of each variable."""
    listed = child(question, "dataset_definitions")
    found = [*children(listed, "dataset_definition")] if listed is not None else []
    names = [raw_text(child(each, "name")) for each in found]
    own: list[str] = []
    for name in names:
        own.append(_own_name(name, own))
    return [*zip(names, own, found, strict=True)]


def _own_name(name: str, taken: list[str]) -> str:
    wanted = _NAME.sub("_", name.lower()).lstrip("_0123456789")[:16] or "x"
    wanted = f"{wanted}_" if wanted in {"e", "pi"} else wanted
    return wanted if wanted not in taken else f"{wanted}_{len(taken) + 1}"


def _variable(name: str, definition: Element) -> Variable | None:
    """A grid where the numbers were drawn evenly between two bounds, else the drawn numbers."""
    low, high, decimals = (text_of(definition, part) for part in ("minimum", "maximum", "decimals"))
    if text_of(definition, "distribution") == "uniform" and low and high and decimals:
        digits = int(number(decimals))
        if 0 <= digits <= _MOST_DECIMALS and number(low) <= number(high):
            return Variable(name=name, low=number(low), high=number(high), step=math.pow(10, -digits))
    items = descendants(definition, "dataset_item")
    values = tuple(dict.fromkeys(number(text_of(item, "value")) for item in items))
    return Variable(name=name, values=values[:_MOST_VALUES]) if values else None


def _with_names(formula: str, names: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda place: f"({names[place[1]]})" if place[1] in names else place[0], formula)
