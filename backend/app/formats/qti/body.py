"""The body of an item as HTML: interactions give way to their prompt or blank, media objects become HTML tags."""

import re
from collections.abc import Callable, Mapping
from html import escape

from app.domain.markup import replace_gaps
from app.formats.xml_reading import Element, children, inner_html, local_name, text_of

Replacements = Mapping[Element, str]

_FEEDBACK = frozenset({"feedbackBlock", "feedbackInline", "modalFeedback"})
_DROPPED = frozenset({"prompt", "endAttemptInteraction", "stylesheet", "catalogInfo", "infoControl"})
_SPACES = re.compile(r"[ \t]*\s[ \t]*")
_MEDIA = {"image": "img", "audio": "audio", "video": "video"}
_UNKNOWN_NUMBER = "\N{WHITE VERTICAL RECTANGLE}"
_LEARNER = frozenset({"", "candidate", "testConstructor"})


def is_interaction(element: Element) -> bool:
    name = local_name(element)
    return name.endswith("Interaction") and name not in {"endAttemptInteraction", "mediaInteraction"}


def is_feedback(element: Element) -> bool:
    """Whether it is shown after an answer only; adaptive items hide later questions in such blocks."""
    return local_name(element) in _FEEDBACK and not any(is_interaction(each) for each in element.iterdescendants())


def html_without(element: Element, replacements: Replacements) -> str:
    """The content of an element with ``replacements`` for parts of it, without feedback and hidden rubrics."""

    def replaced(each: Element) -> str | None:
        if (other := replacements.get(each)) is not None:
            return other
        name = local_name(each)
        if name in _DROPPED or is_feedback(each):
            return ""
        return _RENDERED[name](each, replacements) if name in _RENDERED else None

    return collapsed(inner_html(element, replaced))


def collapsed(html: str) -> str:
    """Files are indented; to a browser all white space between words is one space."""
    return _SPACES.sub(" ", html).strip() if "<pre" not in html else html.strip()


def content(element: Element | None) -> str:
    return html_without(element, {}) if element is not None else ""


def _rubric(element: Element, replacements: Replacements) -> str:
    views = set((element.get("view") or "").split())
    return f"<div>{html_without(element, replacements)}</div>" if not views or views & _LEARNER else ""


def _object(element: Element, _: Replacements) -> str:
    name, kind = element.get("data") or "", (element.get("type") or "").split("/")[0]
    alternative = text_of(element)
    if kind == "image":
        return f'<img src="{escape(name)}" alt="{escape(alternative)}"{_size(element)}>'
    if kind in _MEDIA:
        return f'<{_MEDIA[kind]} src="{escape(name)}" controls></{_MEDIA[kind]}>'
    return f'<a href="{escape(name)}">{escape(alternative or name)}</a>'


def _size(element: Element) -> str:
    given = [(name, element.get(name) or "") for name in ("width", "height")]
    return "".join(f' {name}="{value}"' for name, value in given if value.isdecimal())


def _inner(element: Element, replacements: Replacements) -> str:
    return html_without(element, replacements)


def _hottext(element: Element, replacements: Replacements) -> str:
    return f"<mark>{html_without(element, replacements)}</mark>"


def _variable(element: Element, _: Replacements) -> str:
    """A box for a number that the item would compute; its name shows on demand."""
    return f'<var title="{escape(element.get("identifier") or "")}">{_UNKNOWN_NUMBER}</var>'


_RENDERED: Mapping[str, Callable[[Element, Replacements], str]] = {
    "rubricBlock": _rubric,
    "object": _object,
    "mediaInteraction": _inner,
    "templateBlock": _inner,
    "templateInline": _inner,
    "feedbackBlock": _inner,
    "hottext": _hottext,
    "printedVariable": _variable,
}


def without_markers(html: str) -> str:
    """Text that looks like one of our blanks and is none."""
    return replace_gaps(html, lambda name: f"[ [{name}] ]")


def hidden_rubrics(body: Element) -> list[str]:
    """Rubrics for those who score or teach."""
    rubrics = (each for each in body.iterdescendants() if local_name(each) == "rubricBlock")
    return [content(each) for each in rubrics if not _rubric(each, {})]


def prompt_of(interaction: Element) -> str:
    return content(next(children(interaction, "prompt"), None))
