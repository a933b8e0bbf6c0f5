import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from .failure import LaunchError
from .process_groups import POLL_S, is_running

CLEANUP_S = 120.0


@dataclass(frozen=True)
class DataLock:
    """The data folder is ours as long as the descriptor is open, here or in a process that inherited it."""

    file: TextIO

    @property
    def descriptor(self) -> int:
        return self.file.fileno()

    def note(self, url: str) -> None:
        """Leave word for a second start."""
        self.file.seek(0)
        self.file.truncate()
        json.dump({"pid": os.getpid(), "url": url}, self.file)
        self.file.flush()


@contextmanager
def only_start(path: Path) -> Iterator[DataLock]:
    """Raises LaunchError if another start runs; waits for parts that a killed start left behind and that still stop."""
    with path.open("a+", encoding="utf-8") as file:
        deadline = time.monotonic() + CLEANUP_S
        while not _try_lock(file):
            _refuse_second(file)
            if time.monotonic() > deadline:
                raise LaunchError(f"Parts of an earlier start still hold {path}. Stop them, then start again.")
            time.sleep(POLL_S)
        yield DataLock(file)


def _try_lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refuse_second(file: TextIO) -> None:
    file.seek(0)
    noted = file.read()
    if not noted:
        return
    holder = json.loads(noted)
    if is_running(holder["pid"]):
        raise LaunchError(f"Studium already runs with this data folder: {holder['url']} (process {holder['pid']}).")
