"""Exports of Open edX: compressed tar archives, bounded while they are read and never unpacked to a disk."""

import gzip
import io
import posixpath
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import BinaryIO

from app.domain.question_draft import Location, MediaRef
from app.formats.reading import Event, Limits, MediaFile, ProblemCode, ReadError, Source, problem

GZIP_MAGIC = b"\x1f\x8b"

_STATIC = "static"
_ASSET_MARK = "@"
_LARGEST_HEADER = 1 << 20


class Course:
    """The regular files of an export, by safe names. Usable while its source is open."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Raises `ReadError` for what is no such archive, or has more or larger members than the limits allow."""
        self._source = source
        self._limits = limits
        self._known: dict[str, MediaRef] = {}
        self._sizes = dict(self._listed())

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._sizes)

    def read(self, name: str) -> bytes:
        with self._opened() as archive:
            member = archive.extractfile(name)
            return member.read() if member is not None else b""

    @cached_property
    def documents(self) -> dict[str, bytes]:
        """All XML of the export, read in one go: a member further back costs the unpacking of all before it."""
        with self._opened() as archive:
            found = {}
            for member in archive:
                name = posixpath.normpath(member.name)
                if name in self._sizes and name.endswith(".xml") and (stream := archive.extractfile(member)):
                    found[name] = stream.read()
            return found

    def find(self, link: str) -> tuple[MediaRef, list[Event]] | None:
        """The file that ``/static/name`` or an asset address means."""
        wanted = posixpath.basename(link.rpartition(_ASSET_MARK)[2])
        name = next((each for each in self._sizes if _is_static(each) and posixpath.basename(each) == wanted), None)
        if name is None:
            return None
        if name in self._known:
            return self._known[name], []
        self._known[name] = MediaRef(name=name)
        place = Location(file=self._source.name, member=name)
        return self._known[name], [MediaFile(name, lambda: io.BytesIO(self.read(name)), self._sizes[name], place)]

    def _listed(self) -> Iterator[tuple[str, int]]:
        total = 0
        with self._opened() as archive:
            for count, member in enumerate(archive):
                name = posixpath.normpath(member.name)
                total += member.size
                if count >= self._limits.members or total > self._limits.expanded_bytes:
                    raise self._error(ProblemCode.TOO_LARGE, "The archive would expand too far.")
                if member.isfile() and not name.startswith(("/", "../")):
                    yield name, member.size

    @contextmanager
    def _opened(self) -> Iterator[tarfile.TarFile]:
        stream = _BoundedStream(self._source.open(), self._limits.expanded_bytes + _LARGEST_HEADER)
        try:
            with tarfile.open(fileobj=stream, mode="r:") as archive:
                yield archive
        except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
            raise self._error(ProblemCode.SYNTAX, "The archive is damaged.") from error

    def _error(self, code: ProblemCode, message: str) -> ReadError:
        return ReadError(problem(code, message, Location(file=self._source.name)))


class _BoundedStream(gzip.GzipFile):
    """Refuses to unpack more at once than a whole archive may hold."""

    def __init__(self, packed: BinaryIO, limit: int) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self._limit = limit

    def read(self, size: int | None = -1) -> bytes:
        if size is None or not 0 <= size <= self._limit:
            raise tarfile.ReadError("a part of the archive is too large")
        return super().read(size)


def _is_static(name: str) -> bool:
    return _STATIC in name.split("/")[:-1]
