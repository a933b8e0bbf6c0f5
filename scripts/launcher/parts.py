import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .accounts import Account
from .failure import LaunchError
from .folders import PROJECT
from .process_groups import POLL_S, die_with_parent, kill_group

LOG_LIMIT_BYTES = 10_000_000
LOG_LINES_SHOWN = 15


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
    inherited: tuple[int, ...] = field(default=())


class Child:
    """A part that was started, in a session of its own so that Ctrl-C reaches only the supervisor."""

    def __init__(self, part: Part, logs: Path) -> None:
        self.part = part
        self.log = logs / f"{part.name}.log"
        self.started_at = time.monotonic()
        set_aside_when_long(self.log)
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
                raise LaunchError(f"{self.part.title} stopped while starting. {last_words(self.log)}")
            if time.monotonic() > deadline:
                raise LaunchError(
                    f"{self.part.title} did not answer within {self.part.start_timeout_s:.0f} s. {last_words(self.log)}"
                )
            time.sleep(POLL_S)

    def stop(self) -> None:
        if not self.has_ended():
            self.process.send_signal(self.part.stop_signal)
            try:
                self.process.wait(self.part.stop_timeout_s)
            except subprocess.TimeoutExpired:
                kill_group(self.pid)
                self.process.wait()
        kill_group(self.pid)


def set_aside_when_long(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))


def last_words(log: Path) -> str:
    """The end of a log as part of a message; disk-full and the like are named first."""
    lines = _tail(log)
    if any(os.strerror(28) in line for line in lines):
        return f"The disk is full: free some space and start again. (Log: {log})"
    if not lines:
        return f"Its log {log} is empty."
    return "\n".join([f"The last lines of {log}:", *(f"  {line}" for line in lines)])


def _tail(log: Path) -> list[str]:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 8_192))
            text = file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.splitlines() if line.strip()][-LOG_LINES_SHOWN:]
