"""Plain text as lines, with the empty lines above each counted."""

import re
from collections.abc import Iterable, Iterator

from app.domain.document_text import Span, Style, TextLine

_TAB = 4
_MOST_SPACE = 9.0
_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])(?P<text>[^*]{1,500})(?<=\S)\*\*(?![\w*])")
_BOLD_SIGN = "**"


def lines_of_text(lines: Iterable[str]) -> Iterator[TextLine]:
    """Numbered as in the file, from 1. Spaces at the beginning become the indent, ``**bold**`` becomes a style."""
    empty = 0
    for number, text in enumerate(lines, start=1):
        shown = text.strip("\ufeff \t\f")
        if not shown:
            empty += 1
            continue
        indent = len(text.expandtabs(_TAB)) - len(text.expandtabs(_TAB).lstrip())
        plain, spans = _without_signs(shown) if _BOLD_SIGN in shown else (shown, ())
        space = min(float(empty), _MOST_SPACE)
        yield TextLine(plain, number, spans=spans, space_above=space, indent=indent / 2)
        empty = 0


def _without_signs(text: str) -> tuple[str, tuple[Span, ...]]:
    plain, at = "", 0
    spans = []
    for found in _BOLD.finditer(text):
        plain += text[at : found.start()]
        spans.append(Span(len(plain), len(plain) + len(found["text"]), Style.BOLD))
        plain, at = plain + found["text"], found.end()
    return plain + text[at:], tuple(spans)
