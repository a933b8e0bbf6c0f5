"""Word documents, PDFs and pictures of pages as formats: their text, read by the grammar of exam papers."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final

from app.ai.processing.text_processor import lines_of_text
from app.domain.document_text import DocumentError, DocumentFault, DocumentLimits, DocumentPart
from app.domain.question_draft import Location
from app.formats.archives import Archive
from app.formats.exam_text.reader import exam_events
from app.formats.exam_text.sniffing import looks_like_paper
from app.formats.reading import Event, ProblemCode, Reader, ReadError, ReadOptions, Sample, Source, problem
from app.utils.images import image_kind

_CODES: Final = {
    DocumentFault.ENCRYPTED: ProblemCode.ENCRYPTED,
    DocumentFault.TOO_LARGE: ProblemCode.TOO_LARGE,
    DocumentFault.DAMAGED: ProblemCode.SYNTAX,
    DocumentFault.UNSUPPORTED: ProblemCode.UNKNOWN_FORMAT,
}
_PDF_MAGIC: Final = b"%PDF-"
_PDF_SEARCH: Final = 1024  # readers of PDF forgive that much before the magic
_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
_WORD_MEMBER: Final = "word/document.xml"
_CERTAIN: Final = 1.0
_LIKELY: Final = 0.5

Extraction = Callable[[BinaryIO, DocumentLimits], Iterable[DocumentPart]]


def may_need_recognition(head: bytes) -> bool:
    """Whether the first bytes are those of a file whose characters may have to be recognised, which takes long."""
    return _is_pdf(head) or image_kind(head) is not None


def _is_pdf(head: bytes) -> bool:
    return _PDF_MAGIC in head[:_PDF_SEARCH]


class DocxReader:
    name = "docx"
    title = "Word document"
    extensions: tuple[str, ...] = (".docx", ".docm")

    def sniff(self, sample: Sample, /) -> float:
        if _WORD_MEMBER in sample.members:
            return _CERTAIN
        return _LIKELY if sample.head.startswith(_OLE_MAGIC) and sample.extension in (*self.extensions, ".doc") else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Event]:
        if not source.head.startswith(_OLE_MAGIC):
            Archive(source, options.limits)  # refuses what would expand too far
        yield from _events(_docx, source, options)


class PdfReader:
    name = "pdf"
    title = "PDF paper, with text or scanned"
    extensions: tuple[str, ...] = (".pdf",)

    def sniff(self, sample: Sample, /) -> float:
        return _CERTAIN if _is_pdf(sample.head) else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Event]:
        return _events(_pdf, source, options)


class TextPaperReader:
    """Text files with questions as they stand on paper; formats with a grammar of their own come first."""

    name = "text"
    title = "Plain text paper"
    extensions: tuple[str, ...] = (".txt", ".text")

    def sniff(self, sample: Sample, /) -> float:
        return _LIKELY if looks_like_paper(lines_of_text(sample.text.split("\n"))) else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Event]:
        return exam_events(lines_of_text(source.lines()), options, source.name)


class PictureReader:
    name = "image"
    title = "Photo or scan of a page"
    extensions: tuple[str, ...] = (".png", ".jpg", ".jpeg", ".webp")

    def sniff(self, sample: Sample, /) -> float:
        return _CERTAIN if image_kind(sample.head) in {"PNG", "JPEG", "WEBP"} else 0.0

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Event]:
        return _events(_picture, source, options)


def _docx(stream: BinaryIO, _: DocumentLimits) -> Iterable[DocumentPart]:
    from app.ai.processing.docx_processor import docx_parts

    return docx_parts(stream)


def _pdf(stream: BinaryIO, limits: DocumentLimits) -> Iterable[DocumentPart]:
    from app.ai.processing.pdf_processor import pdf_parts

    return pdf_parts(stream, limits)


def _picture(stream: BinaryIO, limits: DocumentLimits) -> Iterable[DocumentPart]:
    from app.ai.processing.image_processor import image_lines

    return image_lines(stream, limits)


def _events(extract: Extraction, source: Source, options: ReadOptions) -> Iterator[Event]:
    limits = DocumentLimits(options.limits.pages, options.limits.pixels)
    try:
        yield from exam_events(extract(source.open(), limits), options, source.name)
    except DocumentError as error:
        place = Location(file=source.name, page=error.page)
        raise ReadError(problem(_CODES[error.fault], str(error), place)) from error


READERS: Final[tuple[Reader, ...]] = (DocxReader(), PdfReader(), PictureReader(), TextPaperReader())
