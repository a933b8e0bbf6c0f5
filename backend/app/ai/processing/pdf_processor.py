"""PDF documents as lines, tables and figures: from the text layer where a page has one, else by recognition."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # it has no type information
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # it has no type information

from app.ai.processing.columns import rows_of
from app.ai.processing.ocr_engines import OcrError
from app.ai.processing.page_geometry import turned_back
from app.ai.processing.page_lines import PageShape, lines_of_page, with_relative_sizes
from app.ai.processing.page_ocr import recognised
from app.ai.processing.pdf_figures import PageObjects, figures_of, objects_of, word_of
from app.ai.processing.pdf_tables import TableFinder
from app.ai.processing.pdf_words import PageWords, page_words
from app.ai.processing.recognised_lines import recognised_lines
from app.ai.processing.running_lines import without_running_lines
from app.ai.processing.words import Word
from app.domain.document_text import (
    DocumentError,
    DocumentFault,
    DocumentLimits,
    DocumentPart,
    PageFault,
    PageRead,
    PictureFile,
    TextLine,
    TextTable,
)

_FEW_LETTERS = 30  # a page number or a stamp is no text layer
_LETTERS_ON_A_SCAN = 200
_SCAN_SHARE = 0.5
_UNREADABLE_SHARE = 0.3
_RENDERED_SIDE = 2400
_TABLE_PATHS = 8
_LONGEST_HEADER = 20
_QUESTION_WORDS = frozenset({"question", "questions", "stem", "item", "pregunta", "frage", "вопрос"})
_ANSWER_WORDS = frozenset({"answer", "answers", "key", "correct", "ans", "respuesta", "antwort", "ответ"})


@dataclass(slots=True)
class _Page:
    """What one page gave, its lines still with the headers and footers."""

    lines: list[TextLine] = field(default_factory=list)
    tables: list[TextTable] = field(default_factory=list)
    pictures: list[PictureFile] = field(default_factory=list)
    fault: PageFault | None = None


def pdf_parts(stream: BinaryIO, limits: DocumentLimits = DocumentLimits()) -> Iterator[DocumentPart]:  # noqa: B008
    """Pictures and faults page by page, then the lines and tables of all pages. Not safe for threads.

    Raises:
        DocumentError: When the file is encrypted or damaged, or has too many pages.
    """
    document = _opened(stream)
    finder = TableFinder(stream)
    try:
        if len(document) > limits.pages:
            raise DocumentError(DocumentFault.TOO_LARGE, f"The document has more than {limits.pages} pages.")
        reading = _Reading(document, finder, limits)
        pages = []
        for number in range(1, len(document) + 1):
            page = reading.page(number)
            yield from page.pictures
            if page.fault is not None:
                yield page.fault
            yield PageRead(number, len(document))
            pages.append(page)
        yield from _in_order(pages)
    finally:
        finder.close()
        document.close()


def _opened(stream: BinaryIO) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(stream.read())
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise DocumentError(DocumentFault.ENCRYPTED, "The document is protected by a password.") from error
        raise DocumentError(DocumentFault.DAMAGED, "The PDF document is damaged.") from error


def _in_order(pages: Sequence[_Page]) -> Iterator[DocumentPart]:
    lines = [*with_relative_sizes(without_running_lines([page.lines for page in pages]))]
    tables = _joined_tables([table for page in pages for table in page.tables])
    for line in lines:
        while tables and _is_before(tables[0], line):
            yield tables.pop(0)
        yield line
    yield from tables


def _is_before(table: TextTable, line: TextLine) -> bool:
    place = (line.page or 0, line.box[1] if line.box else 0.0)
    return (table.page or 0, table.box[1] if table.box else 0.0) < place


def _joined_tables(tables: Sequence[TextTable]) -> list[TextTable]:
    """A table that goes on at the top of the next page is one with its beginning."""
    joined: list[TextTable] = []
    for table in tables:
        last = joined[-1] if joined else None
        if last is not None and table.page != last.page and len(table.rows[0]) == len(last.rows[0]):
            rows = table.rows[1:] if _texts(table) == _texts(last) else table.rows
            joined[-1] = replace(last, rows=last.rows + rows)
        else:
            joined.append(table)
    return joined


def _texts(table: TextTable) -> list[list[str]]:
    return [[line.text for line in cell] for cell in table.rows[0]]


class _Reading:
    def __init__(self, document: pdfium.PdfDocument, finder: TableFinder, limits: DocumentLimits) -> None:
        self._document = document
        self._finder = finder
        self._limits = limits
        self._is_in_table = False

    def page(self, number: int) -> _Page:
        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError:
            return _Page(fault=PageFault(number, "The page is damaged and was not read."))
        try:
            words, objects = page_words(page), objects_of(page)
            if _has_text(words, objects):
                return self._of_text(page, number, words, objects)
            return self._of_picture(page, number, objects) if objects.images or objects.paths else _Page()
        finally:
            page.close()

    def _of_text(self, page: pdfium.PdfPage, number: int, found: PageWords, objects: PageObjects) -> _Page:
        shape = PageShape(number, found.width, found.height)
        words = [*found.words]
        result = _Page()
        if not found.turns:
            for placed in self._finder.tables(words, shape) if self._may_have_table(words, objects) else ():
                result.tables.append(placed.table)
                words = [word for word in words if not placed.area.holds(word)]
            for area, picture in figures_of(page, number, objects, words):
                result.pictures.append(picture)
                words = [word for word in words if not area.holds(word)] + [word_of(area, picture)]
        self._is_in_table = bool(result.tables)
        lines = lines_of_page(words, shape)
        result.lines = [_turned_back(line, found.turns) for line in lines] if found.turns else lines
        return result

    def _may_have_table(self, words: Sequence[Word], objects: PageObjects) -> bool:
        if objects.paths < _TABLE_PATHS:
            return False
        return self._is_in_table or any(_is_table_header(row) for row in rows_of(words))

    def _of_picture(self, page: pdfium.PdfPage, number: int, objects: PageObjects) -> _Page:
        if objects.largest_pixels > self._limits.pixels:
            return _Page(fault=PageFault(number, "The page is a picture with too many pixels and was not read."))
        width, height = page.get_size()
        scale = _RENDERED_SIDE / max(width, height, 1.0)
        picture = page.render(scale=scale, grayscale=True).to_pil()
        try:
            return _Page(recognised_lines(recognised(picture), number, points_high=height))
        except OcrError as error:
            return _Page(fault=PageFault(number, str(error)))


def _is_table_header(row: Sequence[Word]) -> bool:
    texts = {word.text.strip(".:").casefold() for word in row}
    return len(row) <= _LONGEST_HEADER and bool(texts & _QUESTION_WORDS and texts & _ANSWER_WORDS)


def _has_text(words: PageWords, objects: PageObjects) -> bool:
    """Whether the text layer is worth reading, or the page says more as a picture."""
    letters = sum(len(word.text) for word in words.words)
    is_scan = objects.largest_share >= _SCAN_SHARE
    if letters < (_LETTERS_ON_A_SCAN if is_scan else _FEW_LETTERS):
        return not is_scan and (letters > 0 or not objects.images)
    return words.unreadable <= _UNREADABLE_SHARE * len(words.words)


def _turned_back(line: TextLine, turns: int) -> TextLine:
    return replace(line, box=turned_back(line.box, turns)) if line.box else line
