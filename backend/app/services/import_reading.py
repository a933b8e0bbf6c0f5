"""The events of a file, read by a process of its own (`import_child`) that may be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import BinaryIO, Final, Self

from app.core.logging import get_logger
from app.formats.reading import HEAD_BYTES, Problem, ProblemCode, Progress, ReadOptions, problem
from app.services.import_events import (
    DRAFT,
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
    ReadEnd,
    ReadEvent,
    ReadMedia,
    ReadRequest,
    draft_of_line,
)
from app.services.import_limits import limits_for

log = get_logger(__name__)

POLL_S: Final = 0.02
BLOCK_BYTES: Final = 256 * 1024
_LIMIT_SIGNALS: Final = {-signal.SIGKILL, -signal.SIGXCPU}
_LIMIT_ERRORS: Final = {MemoryError.__name__, OSError.__name__}
_PACKAGES: Final = Path(__file__).resolve().parents[2]


class FileReading:
    """One file being read. The process writes to a nameless temporary file and so never waits for the database.

    `waiting` is called after each page, and again and again while there is nothing to give; it may raise to stop.
    `pages` says how far a paper has been read, of which all questions come when its last page is.
    """

    def __init__(
        self,
        name: str,
        stream: BinaryIO,
        format_name: str,
        options: ReadOptions | None = None,
        waiting: Callable[[], None] = lambda: None,
    ) -> None:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        limits = limits_for(stream.read(HEAD_BYTES), size)
        stream.seek(0)
        self._request = ReadRequest(name, format_name, options or ReadOptions(), limits, os.getpid())
        self._input, self._waiting = stream, waiting
        self.format = "unknown"
        self.pages: Progress | None = None
        self._end: ReadEnd | None = None

    def __enter__(self) -> Self:
        self._output, self._complaints = TemporaryFile(), TemporaryFile()
        self._child = self._start()
        self._allow_more_time()
        return self

    def _allow_more_time(self) -> None:
        self._deadline = time.monotonic() + self._request.limits.silence_s

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "app.services.import_child", REQUEST.dump_json(self._request).decode()]
        # No settings and no secrets: the reader of a stranger's file has no business with them.
        environment = {"PYTHONPATH": str(_PACKAGES), "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")}
        return subprocess.Popen(  # noqa: S603  # our own module, and no shell
            command, stdin=self._input, stdout=self._output, stderr=self._complaints, env=environment, cwd="/"
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.kill()
        self._child.wait()
        self._output.close()
        self._complaints.close()

    def __iter__(self) -> Iterator[ReadEvent]:
        tail = _Tail(self._output, self._wait)
        while (line := tail.line()) is not None:
            kind, rest = line[:1], line[1:]
            if kind == DRAFT:
                yield draft_of_line(line)
            elif kind == PROBLEM:
                yield PROBLEMS.validate_json(rest)
            elif kind == UNSUPPORTED:
                yield UNSUPPORTEDS.validate_json(rest)
            elif kind == FILE:
                note = FILES.validate_json(rest)
                yield ReadMedia(note, tail.skip(note.size))
            elif kind == FORMAT:
                self.format = rest.decode()
            elif kind == PAGE:
                self.pages = PAGES.validate_json(rest)
                self._allow_more_time()
                self._waiting()
            else:
                self._end = ENDS.validate_json(rest)
                return
        yield self._death()

    @property
    def total(self) -> int:
        """How many things the file holds; 0 until that is known, which is before all of them were given."""
        if self._end is None and self._child.poll() is not None:
            line = _last_line(self._output)
            self._end = ENDS.validate_json(line[1:]) if line[:1] == END else ReadEnd(0, is_broken=True)
        return self._end.things if self._end else 0

    @property
    def is_broken(self) -> bool:
        """Of a reading that has come to its end: whether the file could not be read on."""
        return self._end is None or self._end.is_broken

    def _wait(self) -> bool:
        """Whether more may come."""
        is_over = self._child.poll() is not None
        if not is_over:
            if time.monotonic() > self._deadline:
                self._child.kill()
            self._waiting()
            time.sleep(POLL_S)
        return not is_over

    def _death(self) -> Problem:
        """What to tell about a process that did not come to its end; its own words may hold parts of the file."""
        error = _last_line(self._complaints).decode(errors="replace").partition(":")[0]
        log.warning("import.reader_died", format=self.format, code=self._child.returncode, error=error[:100])
        if error in _LIMIT_ERRORS or self._child.returncode in _LIMIT_SIGNALS:
            return problem(ProblemCode.TOO_LARGE, "The file takes too much memory or time to be read. Split it.")
        return problem(ProblemCode.SYNTAX, f"The file breaks the reader of its format ({self.format}).")


class _Tail:
    """Follows a file that another process is writing. The two share one position, so this one never moves it."""

    def __init__(self, file: BinaryIO, wait: Callable[[], bool]) -> None:
        self._descriptor, self._wait = file.fileno(), wait
        self._block, self._start, self._at = b"", 0, 0

    def line(self) -> bytes | None:
        """The next line without its end; None when the writer is gone and no whole line is left."""
        while (end := self._block.find(b"\n", self._at)) < 0:
            if not self._extend():
                return None
        line, self._at = self._block[self._at : end], end + 1
        return line

    def skip(self, size: int) -> Callable[[], bytes]:
        """Pass over `size` bytes and the line end after them; what is returned reads them later."""
        begin = self._start + self._at
        end = begin + size + 1
        while os.fstat(self._descriptor).st_size < end and self._wait():
            pass
        self._block, self._start, self._at = b"", end, 0
        return lambda: os.pread(self._descriptor, size, begin)

    def _extend(self) -> bool:
        while not (more := self._read()):
            if not self._wait():
                more = self._read()  # what was written just before the end
                break
        self._block, self._start, self._at = self._block[self._at :] + more, self._start + self._at, 0
        return bool(more)

    def _read(self) -> bytes:
        return os.pread(self._descriptor, BLOCK_BYTES, self._start + len(self._block))


def _last_line(file: BinaryIO) -> bytes:
    size = os.fstat(file.fileno()).st_size
    return os.pread(file.fileno(), BLOCK_BYTES, max(0, size - BLOCK_BYTES)).rstrip(b"\n").rpartition(b"\n")[2]
