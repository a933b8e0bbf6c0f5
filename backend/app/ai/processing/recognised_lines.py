"""Lines of a recognised page, placed on the picture as it came."""

from dataclasses import replace

from app.ai.processing.page_lines import PageShape, lines_of_page
from app.ai.processing.page_ocr import RecognisedPage
from app.domain.document_text import TextLine, TextOrigin


def recognised_lines(found: RecognisedPage, number: int, points_high: float = 842.0) -> list[TextLine]:
    """Lines in reading order, their sizes in points of a page that is `points_high`."""
    width, height = found.page.image.size
    shape = PageShape(number, width, height, TextOrigin.OCR)
    points = points_high / (width if found.page.quarter_turns % 2 else height)
    return [
        replace(line, box=found.page.original_box(line.box) if line.box else None, size=line.size * points)
        for line in lines_of_page(found.words, shape)
    ]
