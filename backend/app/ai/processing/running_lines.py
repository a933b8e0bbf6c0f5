"""Headers, footers and page numbers, which repeat from page to page and belong to no text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from app.domain.document_text import TextLine

_MARGIN = 0.13
_SAME_PLACE = 0.02
_REPEATED_SHARE = 0.4
_LEAST_PAGES = 2
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|página|pagina|p\.|стр\.?|第)\s*)?(?:\d{1,4}|[ivxl]{1,6})\s*(?:页|of\s*[\d?]+|/\s*\d{1,4}|von\s*\d+|de\s*\d+|из\s*\d+)?\W*$"
    r"|.{0,60}\bpage\s+\d{1,4}(?:\s*(?:of|/)\s*[\d?]+)?\W*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\W{0,4}(?:Q\w*\.?\s*)?\d{1,3}\s?[.):\]]|[(\[]?[A-Ha-h][.)\]]|"
    r"\W{0,4}(?:question|problem|exercise|frage|aufgabe|pregunta|вопрос)\s*\d",
    re.IGNORECASE,
)


def without_running_lines(pages: Sequence[Sequence[TextLine]]) -> list[TextLine]:
    """The lines of all pages in order, without what repeats at the same height and without numbers of pages."""
    heights: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, lines in enumerate(pages):
        for line in _marginal(lines):
            for cell in _cells(line):
                heights[_shape(cell)].append((number, _top(line)))
    least = max(_LEAST_PAGES, round(_REPEATED_SHARE * len(pages)))
    kept: list[TextLine] = []
    for lines in pages:
        running = {id(line) for line in _marginal(lines) if _runs(line, heights, least)}
        kept += [line for line in lines if id(line) not in running]
    return kept


def _marginal(lines: Iterable[TextLine]) -> list[TextLine]:
    return [line for line in lines if line.box and (line.box[3] <= _MARGIN or line.box[1] >= 1 - _MARGIN)]


def _runs(line: TextLine, places: Mapping[str, Sequence[tuple[int, float]]], least: int) -> bool:
    """Whether all of the line repeats or counts pages: what stands at the left and the right may be one line or two."""
    if _LABEL.match(line.text.strip()):
        return False
    if _PAGE_NUMBER.match(line.text):
        return True
    words = [cell for cell in _cells(line) if not _PAGE_NUMBER.match(cell)]
    return bool(words) and all(_repeats(cell, _top(line), places, least) for cell in words)


def _repeats(cell: str, top: float, places: Mapping[str, Sequence[tuple[int, float]]], least: int) -> bool:
    pages = {page for page, other in places.get(_shape(cell), ()) if abs(other - top) <= _SAME_PLACE}
    return len(pages) >= least


def _cells(line: TextLine) -> list[str]:
    return [cell for cell in line.text.split("\t") if cell.strip()]


def _shape(text: str) -> str:
    """The text with its numbers left open."""
    return re.sub(r"\d+", "#", " ".join(text.split())).casefold()


def _top(line: TextLine) -> float:
    return line.box[1] if line.box else 0.0
