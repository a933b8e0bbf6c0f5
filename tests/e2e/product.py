"""The product as its user starts it."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scripts.launcher.folders import PROJECT

START_S = 300
STOP_S = 180  # what the parts may take to finish their work, one after another: see LONG_STOP_S of the launcher


def ignore_interrupts() -> None:
    """As a shell does for what it starts in the background; `kill -INT` has to end it all the same."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Product:
    """One running `run.py`."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self._data_dir = data_dir
        self._output = data_dir / f"run-{time.monotonic_ns()}.out"
        command = [sys.executable, str(PROJECT / "run.py"), "--port", "0", "--data-dir", str(data_dir), *options]
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=ignore_interrupts,  # noqa: PLW1509 - it only sets a signal
            )

    @property
    def output(self) -> str:
        return self._output.read_text(encoding="utf-8")

    def wait_until_started(self) -> None:
        wait_for(lambda: "Ctrl-C stops it" in self.output or self.process.poll() is not None, START_S)

    @property
    def url(self) -> str:
        self.wait_until_started()
        address = re.search(r"runs at (http://\S+)", self.output)
        assert address, self.output
        return address[1]

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(STOP_S)

    def processes(self) -> list[str]:
        """Everything that was started for this data folder and still runs, seen by what it was started with."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                if os.fsencode(self._data_dir) in command + (entry / "environ").read_bytes() and command:
                    found.append(command.replace(b"\0", b" ").decode(errors="replace"))
        return found


def wait_for(condition: Callable[[], object], timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
