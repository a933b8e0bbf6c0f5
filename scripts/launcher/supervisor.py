import contextlib
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from .failure import LaunchError
from .folders import PROJECT
from .parts import Child, Part
from .process_groups import kill_group

WATCH_S = 0.2
RESTARTS_IN_A_ROW = 5
FIRST_DELAY_S = 0.5
CALM_S = 60.0  # a part that ran this long starts counting afresh


@dataclass
class Watched:
    child: Child
    announced: bool = False
    failures: int = 0
    restart_at: float | None = None

    def note_end(self, now: float) -> float:
        """Count the failure and return the seconds to wait before the next start."""
        part = self.child.part
        self.failures = 1 if now - self.child.started_at > CALM_S else self.failures + 1
        if self.failures > RESTARTS_IN_A_ROW:
            raise LaunchError(f"{part.title} keeps stopping, so Studium stops too. {self.child.last_words()}")
        delay_s = FIRST_DELAY_S * 2.0 ** (self.failures - 1)
        self.restart_at = now + delay_s
        return delay_s


class Supervisor:
    """Owns every running part: starts them, starts them again when they die, and stops them newest first."""

    def __init__(self, logs: Path, *, held: tuple[int, ...] = ()) -> None:
        """`held` are descriptors (the lock) to keep open until the last part is gone, even when we are killed."""
        self.logs = logs
        self.watched: list[Watched] = []
        self._reaper = subprocess.Popen(
            [sys.executable, "-m", "scripts.launcher.reaper"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            start_new_session=True,
            pass_fds=held,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, part: Part) -> Child:
        child = self._launch(part)
        self.watched.append(Watched(child))
        return child

    def wait_until_ready(self) -> None:
        for watched in self.watched:
            if not watched.announced:
                watched.child.wait_until_ready()
                watched.announced = True
                print(f"{watched.child.part.title}: ready")

    def watch(self) -> None:
        """Runs until interrupted, or until a part is beyond help (`LaunchError`)."""
        while True:
            self.tend()
            time.sleep(WATCH_S)

    def tend(self) -> None:
        """Notice parts that ended and start those whose delay is over."""
        for watched in self.watched:
            self._tend(watched)

    def stop(self) -> None:
        for watched in reversed(self.watched):
            watched.child.stop()
            self._tell(f"- {watched.child.pid}")
        self.watched.clear()
        if self._reaper.stdin is not None:
            self._reaper.stdin.close()
        self._reaper.wait()

    def _launch(self, part: Part) -> Child:
        child = Child(part, self.logs)
        self._tell(f"+ {child.pid} {int(part.stop_signal)} {part.stop_timeout_s}")
        return child

    def _tend(self, watched: Watched) -> None:
        child = watched.child
        if not child.has_ended():
            child.set_log_aside_when_long()
            return
        now = time.monotonic()
        if watched.restart_at is None:
            kill_group(child.pid)
            self._tell(f"- {child.pid}")
            delay_s = watched.note_end(now)
            print(f"{child.part.title} stopped by itself; starting it again in {delay_s:g} s (log: {child.log})")
        elif now >= watched.restart_at:
            watched.child, watched.restart_at = self._launch(child.part), None

    def _tell(self, event: str) -> None:
        if self._reaper.stdin is None:
            return
        with contextlib.suppress(BrokenPipeError):  # without its reaper, children still have their death signal
            self._reaper.stdin.write(f"{event}\n".encode())
            self._reaper.stdin.flush()
