"""Plain text as lines, with the empty lines above each counted."""

from collections.abc import Iterable, Iterator

from app.domain.document_text import TextLine

_TAB = 4
_MOST_SPACE = 9.0


def lines_of_text(lines: Iterable[str]) -> Iterator[TextLine]:
    """Numbered as in the file, from 1. Spaces at the beginning become the indent."""
    empty = 0
    for number, text in enumerate(lines, start=1):
        shown = text.strip("\ufeff \t\f")
        if not shown:
            empty += 1
            continue
        indent = len(text.expandtabs(_TAB)) - len(text.expandtabs(_TAB).lstrip())
        yield TextLine(shown, number, space_above=min(float(empty), _MOST_SPACE), indent=indent / 2)
        empty = 0
