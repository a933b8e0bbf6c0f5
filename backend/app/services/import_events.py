"""How the reading process tells what it read: one line an event, and the bytes of a file right after its line."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from pydantic import TypeAdapter

from app.domain.identity import Hashes, hashes_of
from app.domain.publishing import publish_problems
from app.domain.question_draft import Location, QuestionDraft
from app.formats.reading import Problem, Progress, ReadOptions, Unsupported
from app.services.import_limits import ReadLimits
from app.services.question_files import file_names, media_id_of

AUTO: Final = "auto"

DRAFT: Final = b"Q"
PROBLEM: Final = b"P"
UNSUPPORTED: Final = b"U"
FILE: Final = b"M"
FORMAT: Final = b"F"
PAGE: Final = b"R"
END: Final = b"E"
_DIGEST_LENGTH: Final = 64
_COMPLETE: Final = b"+"
_INCOMPLETE: Final = b"-"


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What the reading process is asked for, by which process, and what it may use up."""

    name: str
    format: str
    options: ReadOptions
    limits: ReadLimits
    parent_id: int


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A checked draft with its content hash and stem hash; `is_complete` says that it lacks at most a skill."""

    draft: QuestionDraft
    digest: str
    stem: str
    is_complete: bool


@dataclass(frozen=True, slots=True)
class FileNote:
    """A file of the source as its line announces it."""

    name: str
    size: int
    sha256: str
    location: Location


@dataclass(frozen=True, slots=True)
class ReadMedia:
    """A file of the source; `content` gives its bytes, which are not kept in memory."""

    note: FileNote
    content: Callable[[], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadEnd:
    """Last of a complete reading. `is_broken` says that the file could not be read on."""

    things: int
    is_broken: bool


ReadEvent = ReadDraft | ReadMedia | Problem | Unsupported

REQUEST: Final = TypeAdapter(ReadRequest)
PROBLEMS: Final = TypeAdapter(Problem)
UNSUPPORTEDS: Final = TypeAdapter(Unsupported)
FILES: Final = TypeAdapter(FileNote)
PAGES: Final = TypeAdapter(Progress)
ENDS: Final = TypeAdapter(ReadEnd)


def read_draft(draft: QuestionDraft, hashes: Hashes | None = None) -> ReadDraft:
    """With the hashes if they are known already."""
    with_skill = draft if draft.skills else draft.model_copy(update={"skills": ("any",)})
    is_complete = not publish_problems(with_skill) and not missing_files(draft)
    content, stem = hashes or hashes_of(draft)
    return ReadDraft(draft, content, stem, is_complete)


def missing_files(draft: QuestionDraft) -> set[str]:
    """Names that the draft refers to and that neither came with it nor are addresses of stored files."""
    present = {ref.name for ref in draft.media if ref.sha256}
    return {name for name in file_names(draft) - present if media_id_of(name) is None}


def draft_line(read: ReadDraft) -> bytes:
    mark = _COMPLETE if read.is_complete else _INCOMPLETE
    digests = read.digest.encode() + read.stem.encode()
    return DRAFT + mark + digests + read.draft.model_dump_json(exclude_defaults=True).encode()


def draft_of_line(line: bytes) -> ReadDraft:
    first, second, third = (2 + count * _DIGEST_LENGTH for count in range(3))
    draft = QuestionDraft.model_validate_json(line[third:])
    return ReadDraft(draft, line[first:second].decode(), line[second:third].decode(), line[1:2] == _COMPLETE)
