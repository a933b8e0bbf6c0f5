"""What a format is: a source goes in, a stream of questions, problems, unsupported parts and media comes out."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import PurePath
from typing import BinaryIO, Protocol

from app.domain.enums import Severity
from app.domain.question_draft import Location, MediaRef, QuestionDraft
from app.utils.text import decode, excerpt, is_binary, text_lines

HEAD_BYTES = 64 * 1024
NOWHERE = Location()

# What reading a zip archive may raise, besides KeyError for a missing and RuntimeError for an encrypted member.
_DAMAGE = (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, zlib.error, lzma.LZMAError)


class ProblemCode(StrEnum):
    """Stable: reports, translations and tests refer to these names."""

    NO_CORRECT = "E_NO_CORRECT"
    KEY_NOT_OPTION = "E_KEY_NOT_OPTION"
    EMPTY_STEM = "E_EMPTY_STEM"
    FEW_OPTIONS = "E_FEW_OPTIONS"
    DUPLICATE_OPTION = "E_DUP_OPTION"
    EMPTY_OPTION = "E_EMPTY_OPTION"
    BLANKS = "E_BLANKS"
    PATTERN = "E_PATTERN"
    SHAPE = "E_SHAPE"
    EXPRESSION = "E_EXPRESSION"
    UNSUPPORTED_TYPE = "E_UNSUPPORTED_TYPE"
    UNKNOWN_FORMAT = "E_UNKNOWN_FORMAT"
    SYNTAX = "E_SYNTAX"
    XML = "E_XML"
    ENCODING = "E_ENCODING"
    ENCRYPTED = "E_ENCRYPTED"
    TOO_LARGE = "E_TOO_LARGE"
    NUMBER = "E_NUMBER"
    DUPLICATE_ROW = "W_DUP_ROW"
    KEY_CONFLICT = "W_KEY_CONFLICT"
    NEAR_DUPLICATE = "W_NEAR_DUPLICATE"
    MISSING_MEDIA = "W_MISSING_MEDIA"
    ANSWER_MISSING = "W_ANSWER_MISSING"
    LOST_CHARACTERS = "W_ENCODING"

    @property
    def severity(self) -> Severity:
        return Severity.ERROR if self.value.startswith("E_") else Severity.WARNING


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at one place. An error means that the item there was not read; the rest of the file was."""

    code: ProblemCode
    severity: Severity
    message: str
    location: Location = NOWHERE
    column: str | None = None
    text: str = ""


def problem(
    code: ProblemCode, message: str, location: Location = NOWHERE, *, column: str | None = None, text: str = ""
) -> Problem:
    """A problem of the code's own severity, with the offending text cut to one line."""
    return Problem(code, code.severity, message, location, column, excerpt(text))


@dataclass(frozen=True, slots=True)
class Unsupported:
    """An item of a known container that has no counterpart here, named so that it is never dropped silently."""

    kind: str
    location: Location = NOWHERE
    text: str = ""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file of the source. ``name`` equals `MediaRef.name`; `open` gives a fresh stream while the source is open."""

    name: str
    open: Callable[[], BinaryIO]
    size: int
    location: Location = NOWHERE


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` pages are read, of a format that gives its questions when it has read them all."""

    done: int
    total: int
    location: Location = NOWHERE


Event = QuestionDraft | Problem | Unsupported | MediaFile | Progress


class ReadError(Exception):
    """The file cannot be read on; `problem` says where and why."""

    def __init__(self, cause: Problem) -> None:
        super().__init__(cause.message)
        self.problem = cause


@dataclass(frozen=True, slots=True)
class Limits:
    rows: int = 100_000
    columns: int = 200
    members: int = 2_000
    expanded_bytes: int = 200_000_000
    expansion_ratio: int = 100
    pages: int = 500
    pixels: int = 50_000_000
    depth: int = 64


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about a file. Everything left out is found from the content.

    ``columns`` maps a field of ours, `columns.Column` or ``option_a``, to a header or a 0-based column of a foreign
    table.
    """

    columns: Mapping[str, str | int] = field(default_factory=dict)
    has_header: bool | None = None
    delimiter: str | None = None
    sheet: str | None = None
    limits: Limits = Limits()


class Source:
    """A named seekable byte stream with its head, size and text. Not safe for threads: there is one position."""

    def __init__(self, name: str, stream: BinaryIO, encoding: str | None = None) -> None:
        self.name = name
        self.encoding = encoding
        self._stream = stream

    @classmethod
    def of_bytes(cls, name: str, data: bytes, encoding: str | None = None) -> "Source":
        return cls(name, io.BytesIO(data), encoding)

    @property
    def extension(self) -> str:
        return PurePath(self.name).suffix.lower()

    @cached_property
    def size(self) -> int:
        return self._stream.seek(0, io.SEEK_END)

    @cached_property
    def head(self) -> bytes:
        return self.open().read(HEAD_BYTES)

    @cached_property
    def sample(self) -> "Sample":
        return Sample(self)

    def open(self) -> BinaryIO:
        """The stream itself, at its start; never close it."""
        self._stream.seek(0)
        return self._stream

    def text(self) -> str:
        """The whole text with a line feed as the only line end."""
        return decode(self.open().read(), self.encoding).replace("\r\n", "\n").replace("\r", "\n")

    def lines(self) -> Iterator[str]:
        """Physical lines without their ends; the first is line 1 of a `Location`."""
        return text_lines(self._stream, self.head, self.encoding)


class Sample:
    """What detection looks at: the first 64 KiB and, of a zip archive, the names of its members."""

    def __init__(self, source: Source) -> None:
        self.extension = source.extension
        self.head = source.head
        self.size = source.size
        self._source = source

    @cached_property
    def text(self) -> str:
        """The decoded head; empty for binary content. Its last line may be cut."""
        if self.head.startswith((b"PK\x03\x04", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"SQLite format 3")):
            return ""
        if is_binary(self.head):
            return ""
        return decode(self.head, self._source.encoding).replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names inside a zip archive; empty for anything else."""
        if not self.head.startswith(b"PK\x03\x04"):
            return ()
        try:
            with zipfile.ZipFile(self._source.open()) as archive:
                return tuple(archive.namelist())
        except _DAMAGE:
            return ()

    def member_head(self, name: str) -> bytes:
        """The first 64 KiB of a member, for formats that differ only in the root of their manifest."""
        try:
            with zipfile.ZipFile(self._source.open()) as archive, archive.open(name) as member:
                return member.read(HEAD_BYTES)
        except (KeyError, RuntimeError, *_DAMAGE):
            return b""


class Reader(Protocol):
    """One readable format; stateless.

    `read` goes on after a bad item, giving a `Problem` for it, and raises `ReadError` only where nothing more can
    be read. HTML is given as the source has it: `pipeline.read_questions` sanitises and validates for all formats.
    """

    name: str
    title: str
    extensions: tuple[str, ...]

    def sniff(self, sample: Sample, /) -> float:
        """How surely the content is of this format, from 0 (it is not) to 1 (nothing else looks so)."""
        ...

    def read(self, source: Source, options: ReadOptions, /) -> Iterator[Event]: ...


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of the draft at ``position`` (from 1) that the format cannot carry."""

    position: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """``media`` opens the stored bytes of a reference, or says None when they are gone."""

    title: str = ""
    media: Callable[[MediaRef], BinaryIO | None] = lambda _: None


class Writer(Protocol):
    """One writable format; stateless. What could not be carried comes back as a list, never as silence."""

    name: str
    title: str
    extension: str
    mime: str

    def write(self, drafts: Iterable[QuestionDraft], out: BinaryIO, options: WriteOptions, /) -> list[Loss]: ...
