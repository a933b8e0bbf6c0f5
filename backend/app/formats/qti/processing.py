"""Response processing, as far as it says something about the key that the declarations do not."""

from collections.abc import Iterator

from app.domain.numbers import parse_number
from app.domain.question_draft import ToleranceKind
from app.formats.xml_reading import Element, child, children, descendants, local_name, text_of

_BRANCHES = ("responseIf", "responseElseIf")
_COMPARISONS = frozenset({"match", "equal", "stringMatch"})
_SCORES = frozenset({"SCORE", "score"})

Tolerance = tuple[ToleranceKind, float]


class Processing:
    """The rules of one item, which a template outside of it may stand for."""

    def __init__(self, item: Element) -> None:
        self._element = child(item, "responseProcessing")
        self._template = (self._element.get("template") or "") if self._element is not None else ""

    def uses_mapping(self, response: str) -> bool:
        """Whether points come from the mapping of the response, not from a comparison with the right one."""
        if "map_response" in self._template:
            return True
        return any(each.get("identifier") == response for each in self._all("mapResponse", "mapResponsePoint"))

    def matched_values(self, response: str) -> list[tuple[str, float]]:
        """Values that a rule compares the response with and what it then adds to the score."""
        return [
            (value, score)
            for branch in self._all(*_BRANCHES)
            if (score := _score_of(branch)) > 0
            for value in _compared_values(branch, response)
        ]

    def tolerance(self, response: str) -> Tolerance | None:
        for equal in self._all("equal"):
            names = {each.get("identifier") for each in descendants(equal, "variable")}
            if response in names and (found := _tolerance(equal)) is not None:
                return found
        return None

    def shown_outcome(self, response: str) -> set[str]:
        """Outcomes that are set to the response itself: feedback under the name of an option belongs to it."""
        return {
            outcome.get("identifier") or ""
            for outcome in self._all("setOutcomeValue")
            if any(each.get("identifier") == response for each in children(outcome, "variable"))
        }

    def _all(self, *names: str) -> Iterator[Element]:
        return descendants(self._element, *names) if self._element is not None else iter(())


def _score_of(branch: Element) -> float:
    for outcome in children(branch, "setOutcomeValue"):
        if outcome.get("identifier") in _SCORES:
            return max((parse_number(text_of(each)) or 0.0 for each in descendants(outcome, "baseValue")), default=0.0)
    return 0.0


def _compared_values(branch: Element, response: str) -> Iterator[str]:
    condition = next(children(branch), None)
    if condition is None:
        return
    alternatives = children(condition) if local_name(condition) == "or" else iter([condition])
    for each in alternatives:
        operands = [*children(each)]
        names = {operand.get("identifier") for operand in operands if local_name(operand) == "variable"}
        if local_name(each) in _COMPARISONS and names == {response}:
            yield from (text_of(operand) for operand in operands if local_name(operand) == "baseValue")


def _tolerance(equal: Element) -> Tolerance | None:
    kind = {"absolute": ToleranceKind.ABSOLUTE, "relative": ToleranceKind.RELATIVE}.get(
        equal.get("toleranceMode") or ""
    )
    widths = [parse_number(text) for text in (equal.get("tolerance") or "").split()]
    if kind is None or not widths or widths[0] is None:
        return None
    width = abs(widths[0])
    return (kind, width / 100) if kind is ToleranceKind.RELATIVE else (kind, width)
