"""QTI 1.2 as questions: single files, packages of Canvas and other systems, cartridges, Blackboard pools."""

from collections.abc import Iterator
from typing import BinaryIO

from app.domain.question_draft import Location, Passage
from app.formats.archives import ZIP_MAGIC, Archive
from app.formats.drafts import build_draft
from app.formats.items import item_events
from app.formats.numbers import NumberError, number_of
from app.formats.qti12 import pool
from app.formats.qti12.extras import extra_fields
from app.formats.qti12.items import Item
from app.formats.qti12.package import ROOTS, looks_like_package, question_members
from app.formats.qti12.questions import declared_type, feedback_fields, stem_of, type_fields
from app.formats.qti12.texts import Files, ItemTexts
from app.formats.reading import Event, ProblemCode, ReadError, ReadOptions, Sample, Source, Unsupported, problem
from app.formats.xml_reading import Element, child, children, local_name, root_tag, stream_elements, text_of

_WANTED = frozenset({"item", "bankentry_item"}) | pool.KINDS
_UNNAMED_SECTIONS = frozenset({"root_section", "main", "section", ""})


class Qti12Reader:
    name = "qti12"
    title = "QTI 1.2 (Canvas, Blackboard)"
    extensions: tuple[str, ...] = (".zip", ".imscc", ".dat", ".qti", ".xml")

    def sniff(self, sample: Sample) -> float:
        if sample.head.startswith(ZIP_MAGIC):
            return 0.95 if looks_like_package(sample) else 0.0
        return 0.95 if root_tag(sample.text).name in ROOTS else 0.0

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        if not source.head.startswith(ZIP_MAGIC):
            document = _Document(Files(), Location(file=source.name))
            yield from document.events(source.open(), options, source.encoding)
            return
        archive = Archive(source, options.limits)
        yield from archive.problems
        yield from _package_events(archive, source.name, options)


def _package_events(archive: Archive, file: str, options: ReadOptions) -> Iterator[Event]:
    members = question_members(archive)
    if not members:
        raise ReadError(problem(ProblemCode.UNKNOWN_FORMAT, "The package holds no QTI 1.2 file.", Location(file=file)))
    files = Files(archive)
    references: list[tuple[str, Location]] = []
    known: set[str] = set()
    for member in members:
        document = _Document(files.beside(member), Location(file=file, member=member))
        try:
            yield from document.events(archive.open(member), options)
        except ReadError as error:  # the other members may be sound
            yield error.problem
        references += document.references
        known |= document.idents
    for ident, location in references:
        if ident not in known:
            yield Unsupported("bankentry_item", location, ident)


class _Document:
    """One file of items; what later items refer to is kept while it is read."""

    def __init__(self, files: Files, place: Location) -> None:
        self.references: list[tuple[str, Location]] = []
        self.idents: set[str] = set()
        self._files = files
        self._place = place
        self._passages: dict[str, Passage] = {}

    def events(self, stream: BinaryIO, options: ReadOptions, encoding: str | None = None) -> Iterator[Event]:
        for streamed in stream_elements(stream, _WANTED, options.limits, self._place, encoding):
            location = self._place.model_copy(update={"line": streamed.line})
            if streamed.element.get("item_ref"):
                self.references.append((streamed.element.get("item_ref") or "", location))
                continue
            yield from self._events_of(streamed.element, location)

    def _events_of(self, element: Element, location: Location) -> tuple[Event, ...]:
        if local_name(element) in pool.KINDS:
            return item_events(lambda: self._read_pool(element, location), location, element.get("id") or "")
        item = Item(element, ItemTexts(self._files))
        self.idents.add(item.ident)
        return item_events(lambda: self._read(item, location), location, item.title or item.ident)

    def _read_pool(self, question: Element, location: Location) -> Iterator[Event]:
        texts = ItemTexts(self._files)
        fields = pool.pool_fields(question, texts)
        yield from texts.events
        yield build_draft(fields | {"media": tuple(texts.media.values())}, location)

    def _read(self, item: Item, location: Location) -> Iterator[Event]:
        fields = question_fields(item)
        if declared_type(item) == "text_only" and item.ident:
            self._passages[item.ident] = Passage(external_id=item.ident, title=item.title, html=item.stem)
        parent = item.metadata.get("parent_stimulus_item_ident", "")
        if parent in self._passages:
            fields["passage"] = self._passages[parent]
        yield from item.texts.events
        yield build_draft(fields | {"media": tuple(item.texts.media.values())}, location)


def question_fields(item: Item) -> dict[str, object]:
    """Raises `ItemError` and `UncarriedError` as `type_fields` does."""
    return _common_fields(item) | feedback_fields(item) | type_fields(item) | extra_fields(item.metadata)


def _common_fields(item: Item) -> dict[str, object]:
    fields: dict[str, object] = {
        "stem": stem_of(item),
        "title": item.title,
        "category": _category(item.element),
        "hints": tuple(item.hints()),
    }
    if item.ident:
        fields["external_id"] = item.ident
    if (points := _points(item)) is not None:
        fields["points"] = points
    return fields


def _points(item: Item) -> float | None:
    for name in ("points_possible", "qmd_absolutescore_max", "cc_weighting"):
        try:
            return number_of(item.metadata.get(name, ""))
        except NumberError:
            continue
    return None


def _category(item: Element) -> tuple[str, ...]:
    """Title of the bank or assessment, then of the sections that have one of their own."""
    titles = [_title_of(above) for above in reversed([*item.iterancestors()])]
    return tuple(title for title in titles if title.casefold() not in _UNNAMED_SECTIONS)


def _title_of(element: Element) -> str:
    fields = child(element, "qtimetadata")
    for each in children(fields, "qtimetadatafield") if fields is not None else ():
        if text_of(each, "fieldlabel") == "bank_title":
            return text_of(each, "fieldentry")
    return (element.get("title") or "").strip()
