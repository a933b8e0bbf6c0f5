"""Response processing of QTI 1.2, reduced to what it says about the key."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.numbers import parse_number
from app.formats.xml_reading import Element, child, children, descendants, local_name, text_of

_SUM_ACTIONS = frozenset({"add", "subtract"})
_RIGHT = "correct"


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of a response with a value; ``kind`` is the name of its element."""

    kind: str
    response: str
    value: str
    is_negated: bool
    is_case_sensitive: bool
    match: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What is to be answered, what it earns (None where it only shows feedback), and which feedback it shows."""

    terms: Sequence[Term]
    score: float | None
    is_sum: bool
    feedback: Sequence[str]
    has_other: bool

    def wanted(self, response: str, kind: str = "varequal") -> list[Term]:
        """The terms that an answer to the response must fulfil, in their order."""
        return [term for term in self.terms if term.response == response and term.kind == kind and not term.is_negated]

    @property
    def earns(self) -> float:
        return self.score or 0.0


def conditions_of(item: Element) -> list[Condition]:
    processing = list(children(item, "resprocessing"))
    full = _full_score(processing)
    return [_condition(each, full) for part in processing for each in children(part, "respcondition")]


def _full_score(processing: Sequence[Element]) -> float:
    limits = [parse_number(each.get("maxvalue") or "") for part in processing for each in descendants(part, "decvar")]
    return next((limit for limit in limits if limit), 1.0)


def _condition(element: Element, full: float) -> Condition:
    variables = child(element, "conditionvar")
    feedback = [each.get("linkrefid") or "" for each in children(element, "displayfeedback")]
    actions = [*children(element, "setvar")]
    score = sum(_earned(action, full) for action in actions) if actions else None
    if not actions and (_RIGHT in feedback or (element.get("title") or "").lower() == _RIGHT):
        score = full
    return Condition(
        terms=[*_terms(variables, is_negated=False)] if variables is not None else [],
        score=score,
        is_sum=any((action.get("action") or "").lower() in _SUM_ACTIONS for action in actions),
        feedback=feedback,
        has_other=variables is not None and child(variables, "other") is not None,
    )


def _earned(action: Element, full: float) -> float:
    text = text_of(action)
    value = full if text.endswith(".max") else parse_number(text) or 0.0
    return -value if (action.get("action") or "").lower() == "subtract" else value


def _terms(element: Element, *, is_negated: bool) -> Iterator[Term]:
    for each in children(element):
        name = local_name(each)
        if name in {"and", "or", "not"}:
            yield from _terms(each, is_negated=is_negated != (name == "not"))
        elif name.startswith("var"):
            yield Term(
                kind=name,
                response=each.get("respident") or "",
                value=text_of(each),
                is_negated=is_negated,
                is_case_sensitive=(each.get("case") or "").lower() == "yes",
                match=(each.get("setmatch") or "").lower(),
            )
