"""HTML of OLX problems: what learners read, without inputs, solutions and hints."""

from collections.abc import Mapping
from html import escape

from app.formats.qti.body import collapsed
from app.formats.xml_reading import Element, inner_html, local_name

_LEFT_OUT = frozenset(
    ("solution", "demandhint", "script", "choicegroup", "checkboxgroup", "radiogroup", "optioninput", "textline",
     "formulaequationinput", "imageinput", "responseparam", "additional_answer", "choicehint", "optionhint",
     "correcthint", "stringequalhint", "compoundhint", "startouttext", "endouttext", "javascript", "style")
)  # fmt: skip
_AS_PARAGRAPH = {"label": "<p>{}</p>", "description": "<p><em>{}</em></p>", "legend": "<p>{}</p>"}
_IN_BRACKETS = "clarification"


def content(element: Element, replacements: Mapping[Element, str] | None = None) -> str:
    """HTML of the content of an element, ``replacements`` standing in place of parts of it."""

    def replaced(each: Element) -> str | None:
        if (other := (replacements or {}).get(each)) is not None:
            return other
        name = local_name(each)
        if name in _LEFT_OUT:
            return ""
        if name == _IN_BRACKETS:
            return f" ({inner_html(each, replaced)})"
        return _AS_PARAGRAPH[name].format(inner_html(each, replaced)) if name in _AS_PARAGRAPH else None

    return collapsed(inner_html(element, replaced))


def heading(title: str) -> str:
    return f"<h3>{escape(title, quote=False)}</h3>" if title else ""
