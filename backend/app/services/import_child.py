"""Reads one file in a process of its own, because a parser of strangers' files may eat all memory, hang or crash.

The file is standard input, the request the only argument, the events go to standard output (see `import_events`).
"""

import hashlib
import os
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from pydantic import ValidationError

from app.domain.enums import Severity
from app.domain.question_draft import MediaRef, QuestionDraft
from app.formats.pipeline import checked_events
from app.formats.reading import (
    Event,
    MediaFile,
    Problem,
    ProblemCode,
    Progress,
    Reader,
    ReadError,
    ReadOptions,
    Sample,
    Source,
    Unsupported,
    problem,
)
from app.formats.registry import UnknownFormatError
from app.formats.validation import Repetitions
from app.services.import_events import (
    AUTO,
    END,
    ENDS,
    FILE,
    FILES,
    FORMAT,
    PAGE,
    PAGES,
    PROBLEM,
    PROBLEMS,
    REQUEST,
    UNSUPPORTED,
    UNSUPPORTEDS,
    FileNote,
    ReadEnd,
    ReadRequest,
    draft_line,
    read_draft,
)
from app.services.import_limits import grant_page, impose
from app.services.import_readers import detect, reader_named
from app.utils.child_process import end_with

FLUSH_S: Final = 0.5
MAX_MEDIA_BYTES: Final = 20 * 1024 * 1024
_UNREADABLE: Final = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


def main() -> None:
    request = REQUEST.validate_json(sys.argv[1])
    end_with(request.parent_id)
    impose(request.limits)
    with os.fdopen(0, "rb", closefd=False) as stream:
        writer = EventWriter(sys.stdout.buffer, on_page=lambda: grant_page(request.limits))
        writer.write(Source(request.name, stream), request)


def _reader(source: Source, request: ReadRequest) -> Reader:
    if not source.head.strip():
        raise UnknownFormatError("The file is empty.", source.name)
    if request.format != AUTO:
        return reader_named(request.format)
    if request.options.columns:
        # Whoever says what the columns hold has a table, whatever is written above them.
        return reader_named("xlsx" if source.head.startswith(b"PK") else "csv")
    return detect(source)


class _Watched:
    """A reader that remembers whether it gave up."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.name, self.title, self.extensions = reader.name, reader.title, reader.extensions
        self.is_broken = False

    def sniff(self, sample: Sample) -> float:
        return self._reader.sniff(sample)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Event]:
        try:
            yield from self._reader.read(source, options)
        except (ReadError, ValidationError):
            self.is_broken = True
            raise


class EventWriter:
    def __init__(self, stream: BinaryIO, on_page: Callable[[], None] = lambda: None) -> None:
        self._stream = stream
        self._on_page = on_page
        self._flushed_at = time.monotonic()
        self._things = 0
        self._hashes: dict[str, str] = {}
        self._repetitions = Repetitions()

    def write(self, source: Source, request: ReadRequest) -> None:
        try:
            reader = _Watched(_reader(source, request))
        except ReadError as error:
            self._line(PROBLEM + PROBLEMS.dump_json(error.problem))
            self._end(is_broken=True)
            return
        self._line(FORMAT + reader.name.encode())
        for event in checked_events(reader, source, request.options, self._repetitions):
            self._event(event)
        self._end(is_broken=reader.is_broken)

    def _event(self, event: Event) -> None:
        match event:
            case QuestionDraft():
                draft = self._with_hashes(event)
                # The content hash of a file counts among those of its question.
                self._line(draft_line(read_draft(draft, self._repetitions.latest if draft is event else None)))
            case Problem():
                self._line(PROBLEM + PROBLEMS.dump_json(event))
                # Warnings go with the question after them.
                self._things -= event.severity is not Severity.ERROR
            case Unsupported():
                self._line(UNSUPPORTED + UNSUPPORTEDS.dump_json(event))
            case MediaFile():
                self._media(event)
                return
            case Progress():
                self._on_page()
                self._line(PAGE + PAGES.dump_json(event))
                self._stream.flush()
                return
        self._things += 1

    def _media(self, media: MediaFile) -> None:
        try:
            with media.open() as stream:
                data = stream.read(MAX_MEDIA_BYTES + 1)
        except _UNREADABLE:
            message = "A file inside the source is broken."
            self._event(problem(ProblemCode.MISSING_MEDIA, message, media.location, text=media.name))
            return
        if len(data) > MAX_MEDIA_BYTES:
            message = f"A file inside the source is larger than {MAX_MEDIA_BYTES} bytes."
            self._event(problem(ProblemCode.MISSING_MEDIA, message, media.location, text=media.name))
            return
        digest = hashlib.sha256(data).hexdigest()
        self._hashes[media.name] = digest
        note = FileNote(name=media.name, size=len(data), sha256=digest, location=media.location)
        self._line(FILE + FILES.dump_json(note))
        self._line(data)

    def _with_hashes(self, draft: QuestionDraft) -> QuestionDraft:
        """With the content hashes of its files, as far as they came before it."""
        if all(ref.sha256 or ref.name not in self._hashes for ref in draft.media):
            return draft
        return draft.model_copy(update={"media": tuple(self._hashed(ref) for ref in draft.media)})

    def _hashed(self, ref: MediaRef) -> MediaRef:
        return ref.model_copy(update={"sha256": ref.sha256 or self._hashes.get(ref.name)})

    def _end(self, *, is_broken: bool) -> None:
        self._line(END + ENDS.dump_json(ReadEnd(self._things, is_broken)))
        self._stream.flush()

    def _line(self, line: bytes) -> None:
        self._stream.write(line + b"\n")
        # Slow formats are followed page by page; for fast ones the buffer decides.
        if (now := time.monotonic()) - self._flushed_at > FLUSH_S:
            self._stream.flush()
            self._flushed_at = now


if __name__ == "__main__":
    main()
