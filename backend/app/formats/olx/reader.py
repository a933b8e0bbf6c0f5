"""OLX, the course format of Open edX, as questions: single problems, and exports of courses and libraries."""

import posixpath
import zlib
from collections.abc import Iterator
from functools import partial

from app.domain.question_draft import Location
from app.formats.items import item_events
from app.formats.olx.course import GZIP_MAGIC, Course
from app.formats.olx.problem import problem_events
from app.formats.qti.files import LinkedFiles
from app.formats.qti12.texts import Files
from app.formats.reading import Event, ProblemCode, ReadError, ReadOptions, Sample, Source, problem
from app.formats.xml_reading import Element, children, local_name, root_tag, stream_elements, xml_root
from app.utils.html import plain_text

_ROOTS = frozenset({"problem", "library", "course", "chapter", "sequential", "vertical", "itembank", "library_content"})
_STARTS = ("course.xml", "library.xml")
_SNIFFED_BYTES = 4096
_GZIP = 31  # the code by which zlib expects a gzip header


class OlxReader:
    name = "olx"
    title = "Open edX (OLX)"
    extensions: tuple[str, ...] = (".xml", ".gz")

    def sniff(self, sample: Sample) -> float:
        if sample.head.startswith(GZIP_MAGIC):
            return 0.9 if _begins_like_export(sample.head) else 0.0
        root = root_tag(sample.text).name
        if root not in _ROOTS:
            return 0.0
        return 0.95 if root == "problem" or "<problem" in sample.text else 0.4

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        if source.head.startswith(GZIP_MAGIC):
            yield from _Export(source, options).events()
            return
        place = Location(file=source.name)
        for element, line in stream_elements(source.open(), {"problem"}, options.limits, place, source.encoding):
            location = place.model_copy(update={"line": line})
            files = LinkedFiles(Files())
            yield from item_events(partial(problem_events, element, (), files, location), location, _describe(element))


def _begins_like_export(head: bytes) -> bool:
    """Whether the archive begins with the folder or the files of a course or library."""
    try:
        begin = zlib.decompressobj(_GZIP).decompress(head, _SNIFFED_BYTES)
    except zlib.error:
        return False
    name = begin[:100].split(b"\0")[0].decode("ascii", "replace").removeprefix("./")
    return begin[257:262] == b"ustar" and name.startswith(("course", "library"))


class _Export:
    def __init__(self, source: Source, options: ReadOptions) -> None:
        self._file = source.name
        self._options = options
        self._course = Course(source, options.limits)
        self._read: set[str] = set()

    def events(self) -> Iterator[Event]:
        """Problems in the order of the course, then those that nothing refers to."""
        starts = [name for name in self._course.documents if posixpath.basename(name) in _STARTS]
        for name in starts:
            yield from self._document(name, posixpath.dirname(name), ())
        for name in self._course.documents:
            if posixpath.basename(posixpath.dirname(name)) == "problem":
                yield from self._document(name, posixpath.dirname(posixpath.dirname(name)), ())
        if not self._read & {name for name in self._course.documents if "/problem/" in f"/{name}"} and not starts:
            message = "The archive is no export of a course or library."
            raise ReadError(problem(ProblemCode.UNKNOWN_FORMAT, message, Location(file=self._file)))

    def _document(self, name: str, root: str, path: tuple[str, ...]) -> Iterator[Event]:
        if name in self._read or name not in self._course.documents:
            return
        self._read.add(name)
        place = Location(file=self._file, member=name)
        stream = Source.of_bytes(name, self._course.documents[name]).open()
        try:
            element = xml_root(stream, self._options.limits, place)
        except ReadError as error:  # the other files may be sound
            yield error.problem
            return
        if not element.get("url_name") and local_name(element) == "problem":
            element.set("url_name", posixpath.splitext(posixpath.basename(name))[0])
        yield from self._block(element, place, root, path)

    def _block(self, block: Element, place: Location, root: str, path: tuple[str, ...]) -> Iterator[Event]:
        """A part of the course: written here, or in a file of its kind and name."""
        kind, name = local_name(block), block.get("url_name")
        if kind == "problem" and len(block):
            location = place.model_copy(update={"line": block.sourceline})
            files = LinkedFiles(self._course)
            yield from item_events(partial(problem_events, block, path, files, location), location, _describe(block))
            return
        elsewhere = posixpath.normpath(posixpath.join(root, kind, f"{name}.xml"))
        if name and elsewhere in self._course.documents and elsewhere != place.member:
            yield from self._document(elsewhere, root, path)
            return
        title = block.get("display_name") or ""
        for each in children(block):
            yield from self._block(each, place, root, (*path, title) if title else path)


def _describe(block: Element) -> str:
    return block.get("display_name") or plain_text("".join(str(text) for text in block.itertext())[:500])
