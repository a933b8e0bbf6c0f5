"""The parts of an item while it is written: what is declared, shown and computed."""

from collections.abc import Iterable, Mapping

from app.domain.numbers import format_number
from app.domain.question_draft import ToleranceKind
from app.formats.qti.xhtml import append_html
from app.formats.xml_reading import Element
from app.formats.xml_writing import add, element

Tolerance = tuple[ToleranceKind, float]


class ItemParts:
    """Collects elements in the names of version 2.1."""

    def __init__(self, points: float) -> None:
        self.points = points
        self.responses: list[Element] = []
        self.outcomes: list[Element] = []
        self.body = element("itemBody")
        self.processing = element("responseProcessing")
        self.feedback: list[Element] = []

    def add_response(self, name: str, cardinality: str, base_type: str, correct: Iterable[str]) -> Element:
        attributes = {"identifier": name, "cardinality": cardinality, "baseType": base_type}
        response = element("responseDeclaration", attributes)
        self.responses.append(response)
        if values := list(correct):
            right = add(response, "correctResponse")
            for value in values:
                add(right, "value", value)
        return response

    def score_by_mapping(self, response: Element, entries: Iterable[tuple[str, float, bool]], share: float) -> None:
        """Points for each value: key, fraction of the share, and whether the case matters."""
        mapping = add(response, "mapping", attributes={"upperBound": _number(share), "defaultValue": "0"})
        for key, weight, is_cased in entries:
            attributes = {"mapKey": key, "mappedValue": _number(weight * share)}
            add(mapping, "mapEntry", attributes=attributes | {"caseSensitive": str(is_cased).lower()})
        self._add_to_score(self.processing, "mapResponse", {"identifier": response.get("identifier") or ""})

    def score_by_match(self, response: Element, share: float, tolerance: Tolerance | None = None) -> None:
        """The share for the right response; of a number it may differ by the tolerance."""
        name = response.get("identifier") or ""
        branch = add(add(self.processing, "responseCondition"), "responseIf")
        comparison = add(branch, "match" if tolerance is None else "equal", attributes=_tolerance(tolerance))
        add(comparison, "variable", attributes={"identifier": name})
        add(comparison, "correct", attributes={"identifier": name})
        self._add_to_score(branch, "baseValue", {"baseType": "float"}, _number(share))

    def _add_to_score(self, parent: Element, name: str, attributes: Mapping[str, str], text: str = "") -> None:
        total = add(add(parent, "setOutcomeValue", attributes={"identifier": "SCORE"}), "sum")
        add(total, "variable", attributes={"identifier": "SCORE"})
        add(total, name, text, attributes)

    def add_feedback(self, outcome: str, name: str, html: str) -> None:
        attributes = {"outcomeIdentifier": outcome, "identifier": name, "showHide": "show"}
        self.feedback.append(append_html(element("modalFeedback", attributes), html))

    def show_chosen(self, response: Element) -> None:
        """Show the feedback that has the name of a chosen option."""
        self._declare("FEEDBACK", response.get("cardinality") or "single")
        shown = add(self.processing, "setOutcomeValue", attributes={"identifier": "FEEDBACK"})
        add(shown, "variable", attributes={"identifier": response.get("identifier") or ""})

    def set_outcome(self, outcome: str, value: str, parent: Element | None = None) -> None:
        if parent is None:
            self._declare(outcome, "single")
            parent = self.processing
        shown = add(parent, "setOutcomeValue", attributes={"identifier": outcome})
        add(shown, "baseValue", value, {"baseType": "identifier"})

    def show_by_score(self, htmls: Mapping[str, str]) -> None:
        """Feedback for a full, a partial and no score."""
        self._declare("RESULT", "single")
        for name, html in htmls.items():
            self.add_feedback("RESULT", name, html)
        condition = add(self.processing, "responseCondition")
        for branch, name, least in (("responseIf", "correct", self.points), ("responseElseIf", "partial", 0.0)):
            rule = add(condition, branch)
            comparison = add(rule, "gte" if name == "correct" else "gt")
            add(comparison, "variable", attributes={"identifier": "SCORE"})
            add(comparison, "baseValue", _number(least), {"baseType": "float"})
            self.set_outcome("RESULT", name, rule)
        self.set_outcome("RESULT", "incorrect", add(condition, "responseElse"))

    def _declare(self, outcome: str, cardinality: str) -> None:
        attributes = {"identifier": outcome, "cardinality": cardinality, "baseType": "identifier"}
        self.outcomes.append(element("outcomeDeclaration", attributes))


def _number(value: float) -> str:
    return format_number(round(value, 6))


def _tolerance(tolerance: Tolerance | None) -> dict[str, str]:
    if tolerance is None:
        return {}
    kind, width = tolerance
    shown = format_number(width * 100 if kind is ToleranceKind.RELATIVE else width)
    return {"toleranceMode": kind.value, "tolerance": f"{shown} {shown}"} if width else {"toleranceMode": "exact"}
