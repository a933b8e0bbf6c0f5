"""One spelling for both generations of QTI: ``qti-simple-choice`` of version 3 is ``simpleChoice`` of version 2."""

import re

from app.formats.xml_reading import Element, local_name

ROOTS = frozenset({"assessmentItem", "qti-assessment-item"})

_PREFIX = "qti-"
_HYPHEN = re.compile(r"-([a-z])")
_CAPITAL = re.compile(r"[A-Z]")
_KEPT_ATTRIBUTES = ("data-", "aria-", "xml:", "{")
# All elements of QTI that are written; everything else in an item is HTML.
_WRITTEN = frozenset(
    ("assessmentItem", "responseDeclaration", "correctResponse", "value", "mapping", "mapEntry", "outcomeDeclaration",
     "defaultValue", "itemBody", "choiceInteraction", "simpleChoice", "textEntryInteraction", "matchInteraction",
     "simpleMatchSet", "simpleAssociableChoice", "orderInteraction", "extendedTextInteraction", "hotspotInteraction",
     "hotspotChoice", "inlineChoiceInteraction", "inlineChoice", "responseProcessing", "responseCondition",
     "responseIf", "responseElseIf", "responseElse", "setOutcomeValue", "baseValue", "variable", "correct", "match",
     "equal", "sum", "gte", "gt", "mapResponse", "modalFeedback")
)  # fmt: skip


def canonical(root: Element) -> Element:
    """The element with the names of version 2 in place of those of version 3; HTML inside it is not touched."""
    for element in root.iter():
        name = local_name(element)
        if name.startswith(_PREFIX):
            element.tag = _camel_case(name.removeprefix(_PREFIX))
            for key in [key for key in element.attrib if "-" in key and not key.startswith(_KEPT_ATTRIBUTES)]:
                element.set(_camel_case(key), element.attrib.pop(key))
    return root


def as_version_3(root: Element) -> Element:
    """The element with the names of version 3, the content of feedback in a body of its own."""
    for element in root.iter():
        if element.tag == "modalFeedback":
            _wrap_content(element)
        if element.tag in _WRITTEN:
            element.tag = _PREFIX + _kebab_case(str(element.tag))
            for key in [key for key in element.attrib if _CAPITAL.search(key) and not key.startswith("{")]:
                element.set(_kebab_case(key), element.attrib.pop(key))
    return root


def _wrap_content(element: Element) -> None:
    body = element.makeelement(f"{_PREFIX}content-body")
    body.text, element.text = element.text, None
    body.extend([*element])
    element.append(body)


def _camel_case(name: str) -> str:
    return _HYPHEN.sub(lambda hyphen: hyphen[1].upper(), name)


def _kebab_case(name: str) -> str:
    return _CAPITAL.sub(lambda capital: f"-{capital[0].lower()}", name)
