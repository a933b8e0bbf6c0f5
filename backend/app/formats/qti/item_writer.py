"""One question as an item of QTI, in the names of version 2.1."""

from collections.abc import Callable, Mapping

from app.domain.enums import QuestionType
from app.domain.markup import replace_gaps
from app.domain.numbers import format_number
from app.domain.question_draft import QuestionDraft
from app.formats.qti import interaction_writer as write
from app.formats.qti.parts import ItemParts
from app.formats.qti.xhtml import append_html
from app.formats.xml_reading import Element
from app.formats.xml_writing import add, element

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_WRITTEN: Mapping[QuestionType, Callable[[QuestionDraft, ItemParts], None]] = {
    QuestionType.SINGLE_CHOICE: write.choice,
    QuestionType.MULTIPLE_RESPONSE: write.choice,
    QuestionType.TRUE_FALSE: write.choice,
    QuestionType.SHORT_ANSWER: write.short_answer,
    QuestionType.NUMERICAL: write.numerical,
    QuestionType.MATCHING: write.matching,
    QuestionType.ORDERING: write.ordering,
    QuestionType.CLOZE: write.cloze,
    QuestionType.ESSAY: write.essay,
    QuestionType.HOTSPOT: write.hotspot,
    QuestionType.DESCRIPTION: lambda *_: None,
}
TYPES = frozenset(_WRITTEN)


def item_element(draft: QuestionDraft, ident: str) -> Element:
    """The item of a question whose type is in `TYPES` and whose blanks have names that are identifiers."""
    parts = ItemParts(points=draft.points)
    text = replace_gaps(draft.stem, write.blank_place) if draft.gaps else draft.stem
    append_html(add(parts.body, "div"), text)
    _WRITTEN[draft.type](draft, parts)
    _add_feedback(draft, parts)
    attributes = {"identifier": ident, "title": draft.title, "adaptive": "false", "timeDependent": "false"}
    item = element("assessmentItem", attributes)
    if draft.language:
        item.set(_LANGUAGE, draft.language)
    item.extend(parts.responses)
    item.extend([_outcome("SCORE", "0"), _outcome("MAXSCORE", format_number(draft.points)), *parts.outcomes])
    item.append(parts.body)
    item.append(parts.processing)
    item.extend(parts.feedback)
    return item


def _outcome(name: str, value: str) -> Element:
    outcome = element("outcomeDeclaration", {"identifier": name, "cardinality": "single", "baseType": "float"})
    add(add(outcome, "defaultValue"), "value", value)
    return outcome


def _add_feedback(draft: QuestionDraft, parts: ItemParts) -> None:
    if draft.feedback:
        parts.show_by_score({name: html for name, html in draft.feedback.items() if html})
    for place, html in enumerate(draft.hints, start=1):
        parts.add_feedback("HINT", f"hint{place}", html)
    if draft.explanation:
        parts.add_feedback("SOLUTION", "explanation", draft.explanation)
        parts.set_outcome("SOLUTION", "explanation")
