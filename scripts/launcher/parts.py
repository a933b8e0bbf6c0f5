import errno
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .accounts import Account
from .commands import plain_lines
from .failure import LaunchError
from .folders import PROJECT
from .process_groups import POLL_S, die_with_parent, kill_group

LOG_LIMIT_BYTES = 10_000_000


@dataclass(frozen=True)
class Part:
    """One process of the product: how to start it, to know that it serves, and to stop it."""

    name: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    is_ready: Callable[[], bool]
    directory: Path = PROJECT
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 20
    start_timeout_s: float = 120
    account: Account | None = None
    inherited: tuple[int, ...] = ()
    advice: str = ""  # what to do when it cannot be started


class Child:
    """A part that was started, in a session of its own so that Ctrl-C reaches only the supervisor."""

    def __init__(self, part: Part, logs: Path) -> None:
        self.part = part
        self.log = logs / f"{part.name}.log"
        self.started_at = time.monotonic()
        self.set_log_aside_when_long()
        self._log_start = _size(self.log)
        self.process = self._start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def _start(self) -> subprocess.Popen[bytes]:
        part = self.part
        account = part.account
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own command lines only, and never through a shell
                part.command,
                cwd=part.directory,
                env=part.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=part.inherited,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                preexec_fn=die_with_parent(part.stop_signal),  # noqa: PLW1509 - no other thread runs here
            )

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def wait_until_ready(self) -> None:
        deadline = self.started_at + self.part.start_timeout_s
        while not self.part.is_ready():
            if self.has_ended():
                raise LaunchError(f"{self.part.title} stopped while starting. {self.last_words()}")
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"{self.part.title} did not answer within {self.part.start_timeout_s:.0f} s. {self.last_words()}"
                )
            time.sleep(POLL_S)

    def last_words(self) -> str:
        """What it wrote since it was started, as the end of a message."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            lines = plain_lines(log.read().decode("utf-8", errors="replace"))
        if any(os.strerror(errno.ENOSPC) in line for line in lines):
            return f"The disk is full: free some space and start again (log: {self.log})."
        shown = "\n".join([f"The end of its log {self.log}:", *lines]) if lines else f"Its log {self.log} is empty."
        return f"{shown}\n{self.part.advice}".rstrip()

    def set_log_aside_when_long(self) -> None:
        """Copied and emptied rather than renamed, because the running process goes on writing to the same file."""
        if _size(self.log) > LOG_LIMIT_BYTES:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)
            self._log_start = 0

    def stop(self) -> None:
        if not self.has_ended():
            self.process.send_signal(self.part.stop_signal)
            try:
                self.process.wait(self.part.stop_timeout_s)
            except subprocess.TimeoutExpired:
                kill_group(self.pid)
                self.process.wait()
        kill_group(self.pid)


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0
