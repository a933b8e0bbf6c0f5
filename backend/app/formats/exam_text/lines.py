"""Cutting lines and adding up where they stand and how surely they were read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.domain.document_text import PICTURE, Box, Span, TextLine


def cut_line(line: TextLine, start: int, end: int | None = None) -> TextLine:
    """The stretch from `start` to before `end`, at the place of the whole line."""
    end = len(line.text) if end is None else end
    spans = tuple(
        Span(max(start, span.start) - start, min(end, span.end) - start, span.style)
        for span in line.spans
        if span.end > start and span.start < end
    )
    before = line.text.count(PICTURE, 0, start)
    pictures = line.pictures[before : before + line.text.count(PICTURE, start, end)]
    return replace(line, text=line.text[start:end], spans=spans, pictures=pictures)


def regions(lines: Iterable[TextLine]) -> list[tuple[int, Box]]:
    """The smallest box around the lines of each page, in the order of the pages."""
    boxes: dict[int, Box] = {}
    for line in lines:
        if line.page is None or line.box is None:
            continue
        known = boxes.get(line.page, line.box)
        boxes[line.page] = (
            min(known[0], line.box[0]),
            min(known[1], line.box[1]),
            max(known[2], line.box[2]),
            max(known[3], line.box[3]),
        )
    return list(boxes.items())


def least_confidence(lines: Sequence[TextLine]) -> float:
    return min((line.confidence for line in lines if line.text.strip()), default=1.0)
