"""Papers written as text: `**bold**`, tabs for wide gaps, empty lines for space."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.domain.document_text import Span, Style, TextLine, TextOrigin
from app.domain.question_draft import QuestionDraft
from app.formats.exam_text.reader import exam_events
from app.formats.reading import Event, Problem, ReadOptions
from app.formats.report import correct_texts
from app.utils.html import plain_text

_BOLD = re.compile(r"\*\*(.+?)\*\*")


def paper(text: str, *, origin: TextOrigin = TextOrigin.TEXT) -> list[TextLine]:
    lines: list[TextLine] = []
    space = 0.0
    for row in text.strip("\n").split("\n"):
        if row.strip():
            lines.append(replace(_line(row), number=len(lines) + 1, space_above=space, origin=origin))
        space = 0.0 if row.strip() else 1.0
    return lines


def _line(row: str) -> TextLine:
    text, spans = "", []
    at = 0
    for found in _BOLD.finditer(row):
        text += row[at : found.start()]
        spans.append(Span(len(text), len(text) + len(found[1]), Style.BOLD))
        text, at = text + found[1], found.end()
    shown = (text + row[at:]).rstrip(" ")
    indent = len(shown) - len(shown.lstrip(" "))
    spans = [Span(span.start - indent, span.end - indent, span.style) for span in spans]
    return TextLine(shown.lstrip(" "), page=1, box=(0.1, 0.1, 0.9, 0.2), spans=tuple(spans), indent=indent / 2)


def events(lines: str | Sequence[TextLine]) -> list[Event]:
    parts = paper(lines) if isinstance(lines, str) else lines
    return list(exam_events(parts, ReadOptions(), "paper.pdf"))


def drafts(lines: str | Sequence[TextLine]) -> list[QuestionDraft]:
    return [event for event in events(lines) if isinstance(event, QuestionDraft)]


def problems(lines: str | Sequence[TextLine]) -> list[Problem]:
    return [event for event in events(lines) if isinstance(event, Problem)]


def options(draft: QuestionDraft) -> list[str]:
    return [plain_text(option.html) for option in draft.options]


def shown(draft: QuestionDraft) -> tuple[str, list[str], list[str]]:
    """Stem, options and right ones."""
    return plain_text(draft.stem), options(draft), correct_texts(draft)
