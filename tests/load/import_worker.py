"""A worker as the product starts it, or one with a fault that the test of killed imports must notice.

python -m tests.load.import_worker [early_checkpoint | no_checkpoint]
"""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from app.repositories.import_repository import ChunkRecord, ImportRepository
from app.services.import_judge import Judged
from app.services.import_runner import ImportRunner
from app.services.import_things import Thing
from app.tasks import relay

FATAL_CHUNK = 1


def die_once() -> None:
    """Leave like a killed worker; the next one goes on."""
    os.kill(os.getpid(), signal.SIGKILL)


def checkpoint_first() -> None:
    """The checkpoint is durable before its chunk, and the worker dies in between."""
    store, add_chunk = ImportRunner._store, ImportRepository.add_chunk

    def early(runner: ImportRunner, number: int, things: Sequence[Thing]) -> tuple[Counter[str], list[Judged]]:
        counts = Counter(new=len(things))
        with runner._tools.sessions.begin() as session:
            add_chunk(ImportRepository(session), runner._run.import_id, number, ChunkRecord(counts))
        if number == FATAL_CHUNK:
            die_once()
        return store(runner, number, things)

    setattr(ImportRunner, "_store", early)  # noqa: B010  # a fault that the type checker would refuse
    setattr(ImportRepository, "add_chunk", _nothing)  # noqa: B010


def no_checkpoint() -> None:
    """Nobody knows what was stored, and the worker dies in the middle."""
    store = ImportRunner._store

    def forgetful(runner: ImportRunner, number: int, things: Sequence[Thing]) -> tuple[Counter[str], list[Judged]]:
        if number == FATAL_CHUNK:
            die_once()
        return store(runner, number, things)

    setattr(ImportRunner, "_store", forgetful)  # noqa: B010
    setattr(ImportRepository, "add_chunk", _nothing)  # noqa: B010


def _nothing(*_: Any) -> None: ...


FAULTS: dict[str, Callable[[], None]] = {"early_checkpoint": checkpoint_first, "no_checkpoint": no_checkpoint}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        FAULTS[name]()
    relay.main()
