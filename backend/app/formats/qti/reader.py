"""QTI 2.0 to 2.2 and 3.0 as questions: single items and packages."""

from collections.abc import Iterator
from functools import partial

from app.domain.question_draft import Location
from app.formats.archives import ZIP_MAGIC, Archive
from app.formats.items import item_events
from app.formats.qti.files import LinkedFiles
from app.formats.qti.item import ItemReader
from app.formats.qti.names import ROOTS, canonical
from app.formats.qti.package import Package, looks_like_package
from app.formats.qti12.texts import Files
from app.formats.reading import Event, ProblemCode, ReadError, ReadOptions, Sample, Source, Unsupported, problem
from app.formats.xml_reading import Element, root_tag, xml_root


class QtiReader:
    name = "qti"
    title = "QTI 2 and 3"
    extensions: tuple[str, ...] = (".xml", ".zip", ".qti")

    def sniff(self, sample: Sample) -> float:
        if sample.head.startswith(ZIP_MAGIC):
            return 0.9 if looks_like_package(sample) else 0.0
        return 0.95 if root_tag(sample.text).name in ROOTS else 0.0

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        if source.head.startswith(ZIP_MAGIC):
            archive = Archive(source, options.limits)
            yield from archive.problems
            yield from _package_events(archive, source.name, options)
            return
        place = Location(file=source.name)
        item = canonical(xml_root(source.open(), options.limits, place, source.encoding))
        yield from item_events(
            lambda: ItemReader(item, LinkedFiles(Files()), place.model_copy(update={"line": 1})).events(None),
            place.model_copy(update={"line": 1}),
            _describe(item),
        )


def _package_events(archive: Archive, file: str, options: ReadOptions) -> Iterator[Event]:
    package = Package(archive, file, options.limits)
    members = package.items()
    yield from package.problems
    if not members:
        message = "The package holds no item of QTI 2 or 3."
        raise ReadError(problem(ProblemCode.UNKNOWN_FORMAT, message, Location(file=file)))
    for member in members:
        place = Location(file=file, member=member)
        try:
            item = canonical(xml_root(archive.open(member), options.limits, place))
        except ReadError as error:  # the other items may be sound
            yield error.problem
            yield Unsupported("damaged_item", place, member)
            continue
        yield from item_events(partial(_item_events, item, package, place), place, _describe(item))


def _item_events(item: Element, package: Package, place: Location) -> Iterator[Event]:
    member = place.member or ""
    passage, files = package.passage_of(item, member)
    yield from files
    yield from ItemReader(item, LinkedFiles(package.files_of(member)), place).events(passage)


def _describe(item: Element) -> str:
    return item.get("title") or item.get("identifier") or ""
