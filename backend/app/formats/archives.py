"""Zip containers from strangers: bounded before anything is unpacked, read in place, never written to a disk."""

import io
import lzma
import posixpath
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from app.domain.question_draft import Location
from app.formats.reading import Limits, MediaFile, Problem, ProblemCode, ReadError, Source, problem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ZIP_MAGIC = b"PK\x03\x04"

# Similar questions shrink a lot. Only beyond this size does a high ratio mean that somebody wants to fill the memory.
_RATIO_FREE_BYTES = 10_000_000
_ENCRYPTED = 0x1
_UNSAFE_NAME = re.compile(r"^/|^[A-Za-z]:|(?:^|/)\.\.(?:/|$)|[\x00-\x1f]")
_PLACEHOLDER = re.compile(r"^(?:@@PLUGINFILE@@|(?:\$|%24)IMS[-_]CC[-_]FILE_?BASE(?:\$|%24))/?", re.IGNORECASE)
_FILE_ROOTS = ("web_resources", "files", "csfiles/home_dir")


class Archive:
    """The members of a zip file, by safe names with ``/`` between folders. Usable while its source is open."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """Check the table of contents.

        Raises:
            ReadError: When it is no zip file, or has more members or would expand further than the limits allow.
        """
        self._file = source.name
        try:
            self._zip = zipfile.ZipFile(source.open())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self._error(ProblemCode.SYNTAX, "The archive is damaged.") from error
        infos = [info for info in self._zip.infolist() if not info.is_dir()]
        self._check_size(infos, limits)
        self.problems: list[Problem] = []
        self._members = dict(self._safe_members(infos))
        self._by_key: dict[str, str] = {}
        for name in self._members:
            self._by_key.setdefault(_key(name), name)

    @property
    def names(self) -> tuple[str, ...]:
        """Safe members in the order of the table of contents; `problems` names the others."""
        return tuple(self._members)

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def open(self, name: str) -> BinaryIO:
        """A stream of a member of `names`, never longer than the size that was checked.

        Raises:
            ReadError: When the member is encrypted, damaged or packed in an unknown way; also from the stream.
        """
        info = self._members[name]
        if info.flag_bits & _ENCRYPTED:
            raise self._error(ProblemCode.ENCRYPTED, "The archive is protected by a password.", name)
        damage = self._error(ProblemCode.SYNTAX, "The member of the archive is damaged.", name)
        try:
            return io.BufferedReader(_Member(self._zip.open(info), damage))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
            raise damage from error

    def read(self, name: str) -> bytes:
        """A whole member, for those that are small by nature. Raises `ReadError` as `open` does."""
        with self.open(name) as stream:
            return stream.read()

    def find(self, reference: str, base: str = "") -> str | None:
        """The member that a link means, seen from the member ``base``; None when there is none.

        Placeholders of the known systems, percent signs, ``..``, backslashes and another case are seen through.
        """
        for candidate in _candidates(reference, posixpath.dirname(base)):
            if candidate in self._members:
                return candidate
            if (name := self._by_key.get(_key(candidate))) is not None:
                return name
        return self._only_one_ending_with(reference)

    def _only_one_ending_with(self, reference: str) -> str | None:
        """Exports move files to other folders and keep their links; a path that fits one file only is that file."""
        for spelling in _spellings(_stripped(reference)):
            ending = f"/{_key(posixpath.normpath(spelling.lstrip('/.')))}"
            found = [name for key, name in self._by_key.items() if f"/{key}".endswith(ending)]
            if len(found) == 1:
                return found[0]
        return None

    def media(self, name: str) -> MediaFile:
        return MediaFile(name, lambda: self.open(name), self.size(name), Location(file=self._file, member=name))

    def _check_size(self, infos: list[zipfile.ZipInfo], limits: Limits) -> None:
        if len(infos) > limits.members:
            raise self._error(ProblemCode.TOO_LARGE, f"The archive has more than {limits.members} files.")
        expanded = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos)
        is_bomb = expanded > _RATIO_FREE_BYTES and expanded > packed * limits.expansion_ratio
        if expanded > limits.expanded_bytes or is_bomb:
            raise self._error(ProblemCode.TOO_LARGE, "The archive would expand too far.")

    def _safe_members(self, infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
        for info in infos:
            name = info.filename.replace("\\", "/")
            if not is_safe_name(name) or stat.S_ISLNK(info.external_attr >> 16):
                message = "A member of the archive points outside of it and was not read."
                self.problems.append(problem(ProblemCode.SYNTAX, message, Location(file=self._file), text=name))
                continue
            yield posixpath.normpath(name), info

    def _error(self, code: ProblemCode, message: str, member: str | None = None) -> ReadError:
        return ReadError(problem(code, message, Location(file=self._file, member=member)))


def is_safe_name(name: str) -> bool:
    """Whether a member of this name stays inside a folder, wherever it is unpacked."""
    return bool(name) and _UNSAFE_NAME.search(name.replace("\\", "/")) is None


class _Member(io.RawIOBase):
    """A member whose damage shows as a `ReadError` wherever it is found."""

    def __init__(self, stream: IO[bytes], damage: ReadError) -> None:
        self._stream = stream
        self._damage = damage

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        try:
            data = self._stream.read(len(view))
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
            raise self._damage from error
        view[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


def _candidates(reference: str, folder: str) -> Iterator[str]:
    rest = _stripped(reference)
    roots = (folder, "", *_FILE_ROOTS) if rest == reference else (*_FILE_ROOTS, "", folder)
    for spelling in _spellings(rest):
        for root in roots:
            path = posixpath.normpath(posixpath.join(root, spelling.lstrip("/")))
            if not path.startswith("../"):
                yield path


def _stripped(reference: str) -> str:
    return _PLACEHOLDER.sub("", reference.strip().replace("\\", "/"))


def _spellings(reference: str) -> Iterator[str]:
    """As written, without query and fragment, and with percent signs resolved: a name may hold any of these signs."""
    bare = re.split(r"[?#]", reference, maxsplit=1)[0]
    yield from dict.fromkeys((reference, bare, unquote(bare), unquote(unquote(bare))))


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
