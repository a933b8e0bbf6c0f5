"""Word documents as lines, tables and pictures in the order of the text."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from lxml import etree

from app.ai.processing.docx_equations import M, tex_of
from app.ai.processing.docx_numbering import VAL, Element, ListLabels, W
from app.ai.processing.docx_styles import ParagraphStyle, StyleSheet, is_hidden
from app.ai.processing.words import readable
from app.domain.document_text import (
    PICTURE,
    DocumentError,
    DocumentFault,
    DocumentPart,
    PictureFile,
    Span,
    Style,
    TextLine,
    TextTable,
)

if TYPE_CHECKING:
    from docx.parts.document import DocumentPart as WordPart

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXTBOX = f"{W}txbxContent"
_SKIPPED = frozenset({f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr", f"{W}instrText", f"{W}sdtPr", f"{_MC}Fallback"})
_LITERAL = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_DEEPEST = 64
_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def docx_parts(stream: BinaryIO) -> Iterator[DocumentPart]:
    """Pictures come before the first line that shows them. Lines are paragraphs and are numbered as such.

    Raises:
        DocumentError: When it is no readable Word document of the format that ends in .docx.
    """
    part = _main_part(stream)
    yield from _Reading(part).blocks(part.element.body)


def _main_part(stream: BinaryIO) -> "WordPart":
    import docx
    from docx.opc.exceptions import OpcError

    head = stream.read(1 << 16)
    if head.startswith(_OLE_MAGIC):
        raise _not_docx(is_encrypted=_ENCRYPTED_STREAM in head)
    stream.seek(0)
    try:
        return docx.Document(stream).part
    except (OpcError, zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, OSError, AttributeError) as error:
        raise DocumentError(DocumentFault.DAMAGED, "The Word document is damaged.") from error


def _not_docx(*, is_encrypted: bool) -> DocumentError:
    if is_encrypted:
        return DocumentError(DocumentFault.ENCRYPTED, "The document is protected by a password.")
    return DocumentError(DocumentFault.UNSUPPORTED, "This is an old Word document. Save it as .docx and try again.")


@dataclass(slots=True)
class _Text:
    """What a paragraph shows, while it is collected."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    def add(self, text: str, styles: frozenset[Style]) -> None:
        start, self.text = len(self.text), self.text + text
        for style in sorted(styles):
            last = next((at for at, span in enumerate(self.spans) if span.end == start and span.style is style), None)
            if last is None:
                self.spans.append(Span(start, len(self.text), style))
            else:
                self.spans[last] = Span(self.spans[last].start, len(self.text), style)


class _Reading:
    def __init__(self, part: "WordPart") -> None:
        self._part = part
        styles = _related(part, "/styles")
        self._styles = StyleSheet(styles)
        self._labels = ListLabels(_related(part, "/numbering"), styles)
        self._paragraphs = 0
        self._pictures: set[str] = set()
        self._is_after_gap = False
        self._ready: list[PictureFile] = []

    def blocks(self, parent: Element, depth: int = 0) -> Iterator[DocumentPart]:
        if depth > _DEEPEST:
            return
        for child in parent:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                yield from self._table(child, depth)
            elif child.tag not in _SKIPPED:
                yield from self.blocks(child, depth + 1)

    def _table(self, table: Element, depth: int) -> Iterator[DocumentPart]:
        number = self._paragraphs + 1
        own = (row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table)
        rows = tuple(tuple(self._cell(cell, depth) for cell in row.iterfind(f"{W}tc")) for row in own)
        yield from self._take_pictures()
        yield TextTable(rows, number)

    def _cell(self, cell: Element, depth: int) -> tuple[TextLine, ...]:
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        if merge is not None and merge.get(VAL) != "restart":
            return ()
        parts = self.blocks(cell, depth + 1)
        lines: list[TextLine] = []
        for part in parts:
            if isinstance(part, TextLine):
                lines.append(part)
            elif isinstance(part, TextTable):
                lines += [line for row in part.rows for inner in row for line in inner]
            elif isinstance(part, PictureFile):
                self._ready.append(part)
        return tuple(lines)

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[DocumentPart]:
        self._paragraphs += 1
        style = self._styles.paragraph(_style_name(paragraph))
        collected = _Text()
        label = self._labels.label(paragraph, _style_name(paragraph))
        if label is not None and label[0]:
            collected.add(f"{label[0]} ", frozenset())
        self._collect(paragraph, collected, style, frozenset())
        yield from self._take_pictures()
        yield from self._lines(collected, style, label[1] if label else 0)
        for box in collected.boxes:
            yield from self.blocks(box, depth + 1)

    def _take_pictures(self) -> Iterator[PictureFile]:
        yield from self._ready
        self._ready.clear()

    def _lines(self, collected: _Text, style: ParagraphStyle, level: int) -> Iterator[TextLine]:
        pictures = iter(collected.pictures)
        start = 0
        for text in collected.text.split("\n"):
            is_after_gap, self._is_after_gap = self._is_after_gap, not text.strip()
            names = tuple(next(pictures, "") for _ in range(text.count(PICTURE)))
            if text.strip():
                spans = tuple(
                    Span(max(span.start - start, 0), min(span.end - start, len(text)), span.style)
                    for span in collected.spans
                    if span.start < start + len(text) and span.end > start
                )
                yield TextLine(
                    text, self._paragraphs, spans=spans, pictures=names, space_above=float(is_after_gap),
                    indent=float(level), is_heading=style.is_heading, is_paragraph=True,
                )  # fmt: skip
            start += len(text) + 1

    def _collect(self, parent: Element, collected: _Text, style: ParagraphStyle, looks: frozenset[Style]) -> None:
        for child in parent:
            tag = child.tag
            if tag in _SKIPPED or not isinstance(tag, str):
                continue
            if tag == f"{W}r":
                properties = child.find(f"{W}rPr")
                if not is_hidden(properties):
                    self._collect(child, collected, style, self._styles.run(properties, style))
            elif tag == f"{W}t":
                collected.add(child.text or "", looks)
            elif tag in _LITERAL:
                collected.add(_LITERAL[tag], frozenset())
            elif tag == f"{W}sym":
                collected.add(_symbol(child), looks)
            elif tag == f"{M}oMath":
                collected.add(tex_of(child), frozenset())
            elif tag == _TEXTBOX:
                collected.boxes.append(child)
            else:
                self._picture(child, collected)
                self._collect(child, collected, style, looks)

    def _picture(self, element: Element, collected: _Text) -> None:
        """Take over the picture that the element itself shows, if it does and the document holds it."""
        reference = element.get(f"{_R}embed") if element.tag == f"{_A}blip" else None
        if element.tag == f"{_V}imagedata":
            reference = element.get(f"{_R}id")
        related = self._part.related_parts.get(reference) if reference else None
        if related is None:
            return
        name = posixpath.basename(str(related.partname))
        collected.pictures.append(name)
        collected.add(PICTURE, frozenset())
        if name not in self._pictures:
            self._pictures.add(name)
            blob = related.blob
            self._ready.append(PictureFile(name, len(blob), lambda: blob))


def _related(part: "WordPart", kind: str) -> Element | None:
    """Root of the part that the document refers to for styles or numbering."""
    for relation in part.rels.values():
        if relation.reltype.endswith(kind) and not relation.is_external:
            try:
                return etree.fromstring(relation.target_part.blob, _PARSER)
            except etree.XMLSyntaxError as error:
                raise DocumentError(DocumentFault.DAMAGED, "The Word document is damaged.") from error
    return None


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def _style_name(paragraph: Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(VAL, "")


def _symbol(element: Element) -> str:
    code = element.get(f"{W}char", "")
    try:
        return readable(int(code, 16))
    except (ValueError, OverflowError):
        return ""
