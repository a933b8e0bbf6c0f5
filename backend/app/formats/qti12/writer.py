"""Questions as a package of QTI 1.2 that Canvas imports."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from typing import BinaryIO
from urllib.parse import quote

from app.domain.question_draft import Location, MediaRef, QuestionDraft
from app.formats.archives import is_safe_name
from app.formats.drafts import build_draft
from app.formats.items import item_events
from app.formats.losses import losses_of
from app.formats.media_links import relinked
from app.formats.qti12.item_writer import TYPE_NAMES, item_element, with_blank_names
from app.formats.qti12.items import Item
from app.formats.qti12.manifest import MANIFEST, assessment_meta, assessment_start, manifest
from app.formats.qti12.reader import question_fields
from app.formats.qti12.texts import ItemTexts
from app.formats.reading import Event, Loss, Problem, WriteOptions
from app.formats.xml_reading import Element
from app.formats.xml_writing import serialized

FILE_BASE = "$IMS-CC-FILEBASE$/"

_HERE = Location()
_LONGEST_IDENT = 32
_FASTEST = 1  # XML shrinks enough, and a reader may take a very high ratio for a bomb
_TAIL = b"</section>\n</assessment>\n</questestinterop>\n"


class Qti12Writer:
    name = "qti12"
    title = "QTI 1.2 (Canvas)"
    extension = ".zip"
    mime = "application/zip"

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, options: WriteOptions) -> list[Loss]:
        title = options.title or "Questions"
        ident = f"g{hashlib.sha256(title.encode()).hexdigest()[:_LONGEST_IDENT]}"
        files = _PackageFiles(options)
        losses: list[Loss] = []
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST) as package:
            with package.open(f"{ident}/{ident}.xml", "w", force_zip64=True) as stream:
                stream.write(assessment_start(ident, title))
                for position, draft in enumerate(drafts, start=1):
                    losses += _write_item(draft, position, files, stream.write)
                stream.write(_TAIL)
            _write(package, f"{ident}/assessment_meta.xml", assessment_meta(ident, title))
            for name, ref in files.written.items():
                _write(package, name, files.data(ref))
            _write(package, MANIFEST, manifest(ident, files.written))
        return losses


def _write_item(
    draft: QuestionDraft, position: int, files: "_PackageFiles", write: Callable[[bytes], object]
) -> list[Loss]:
    if draft.type not in TYPE_NAMES:
        return [Loss(position, "type", f"QTI 1.2 cannot hold a question of type {draft.type}.")]
    named = with_blank_names(draft)
    links = _ItemLinks(named, files)
    element = item_element(named, draft.external_id or f"question{position}", links.linked)
    write(serialized(element))
    return links.losses(position) + losses_of(position, named, _read_back(element, named, links))


def _read_back(element: Element, draft: QuestionDraft, links: "_ItemLinks") -> QuestionDraft | Problem | None:
    """What a reader makes of it; files that are not there are listed already."""
    texts = ItemTexts(links)
    (event, *_) = item_events(lambda: iter([build_draft(question_fields(Item(element, texts)), _HERE)]), _HERE, "")
    if not isinstance(event, QuestionDraft):
        return event if isinstance(event, Problem) else None
    return event.model_copy(update={"media": draft.media})


class _PackageFiles:
    """The files that any item needs, by the name of their member."""

    def __init__(self, options: WriteOptions) -> None:
        self.written: dict[str, MediaRef] = {}
        self._options = options

    def member_of(self, ref: MediaRef) -> str | None:
        """The member for a file; None when it is not there or its name is no safe path."""
        if not is_safe_name(ref.name) or ref.name == MANIFEST or not self._is_there(ref):
            return None
        other = self.written.get(ref.name)
        is_taken = other is not None and other.sha256 != ref.sha256
        name = f"{(ref.sha256 or 'other')[:_LONGEST_IDENT]}/{ref.name}" if is_taken else ref.name
        self.written[name] = ref
        return name

    def data(self, ref: MediaRef) -> bytes:
        stream = self._options.media(ref)
        if stream is None:
            return b""
        with stream:
            return stream.read()

    def _is_there(self, ref: MediaRef) -> bool:
        stream = self._options.media(ref)
        if stream is not None:
            stream.close()
        return stream is not None


class _ItemLinks:
    """Points the HTML of one item at the members of the package, and finds them again."""

    def __init__(self, draft: QuestionDraft, files: _PackageFiles) -> None:
        self._refs = {ref.name: ref for ref in draft.media}
        self._files = files
        self._members: dict[str, str] = {}

    def linked(self, html: str) -> str:
        return relinked(html, self._address)

    def find(self, link: str) -> tuple[MediaRef, list[Event]] | None:
        """As `FileFinder.find`, for reading back."""
        name = self._members.get(link)
        return (MediaRef(name=name), []) if name else None

    def losses(self, position: int) -> list[Loss]:
        missing = sorted(set(self._refs) - set(self._members.values()) - set(self._files.written))
        return [Loss(position, "media", f"The file {name} is not there or no text shows it.") for name in missing]

    def _address(self, link: str) -> str | None:
        ref = self._refs.get(link)
        member = self._files.member_of(ref) if ref else None
        if member is None:
            return None
        address = f"{FILE_BASE}{quote(member)}"
        self._members[address] = member
        return address


def _write(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    with package.open(name, "w") as member:  # unlike writestr, this leaves out the time: equal questions, equal files
        member.write(data)
