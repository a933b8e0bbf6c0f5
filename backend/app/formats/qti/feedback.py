"""Feedback of an item: for its options, for right and wrong answers, hints, and explanations."""

from dataclasses import dataclass, field

from app.formats.qti.body import content, hidden_rubrics, is_feedback
from app.formats.qti.processing import Processing
from app.formats.xml_reading import Element, child, descendants

_OUTCOME_OF_NAME = {
    "correct": "correct",
    "right": "correct",
    "incorrect": "incorrect",
    "wrong": "incorrect",
    "partial": "partial",
    "partiallycorrect": "partial",
}
_CHOICES = ("simpleChoice", "hottext", "inlineChoice")
_MOST_HINTS = 10


@dataclass(slots=True)
class Feedback:
    options: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    hints: list[str] = field(default_factory=list)
    explanations: list[str] = field(default_factory=list)

    def fields(self) -> dict[str, object]:
        return {
            "feedback": self.outcomes,
            "hints": tuple(self.hints[:_MOST_HINTS]),
            "explanation": "<br>".join([*self.explanations, *self.hints[_MOST_HINTS:]]),
        }


def feedback_of(item: Element, response: str, processing: Processing) -> Feedback:
    feedback = Feedback()
    outcomes = processing.shown_outcome(response)
    names = {each.get("identifier") or "" for each in descendants(item, *_CHOICES)}
    for option in descendants(item, *_CHOICES):
        for inline in descendants(option, "feedbackInline"):
            _append(feedback.options, option.get("identifier") or "", content(inline))
    for each in descendants(item, "modalFeedback", "feedbackBlock"):
        if not is_feedback(each):
            continue
        name = each.get("identifier") or ""
        if each.get("outcomeIdentifier") in outcomes and name in names:
            _append(feedback.options, name, content(each))
        else:
            _sort(feedback, name, content(each))
    body = child(item, "itemBody")
    feedback.explanations += hidden_rubrics(body) if body is not None else []
    return feedback


def _append(found: dict[str, str], name: str, html: str) -> None:
    found[name] = f"{found[name]}<br>{html}" if name in found else html


def _sort(feedback: Feedback, name: str, html: str) -> None:
    if not html:
        return
    plain = name.casefold().replace("_", "").replace("-", "").removesuffix("feedback").removesuffix("fb")
    if plain in _OUTCOME_OF_NAME:
        _append(feedback.outcomes, _OUTCOME_OF_NAME[plain], html)
    elif "hint" in plain:
        feedback.hints.append(html)
    else:
        feedback.explanations.append(html)
