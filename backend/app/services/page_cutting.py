"""Pictures of places in a paper, cut by a process of its own (`crop_child`) that may be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from pydantic import TypeAdapter

from app.core.logging import get_logger
from app.domain.document_text import Box
from app.services.import_limits import ReadLimits, limits_for
from app.services.import_reading import POLL_S

log = get_logger(__name__)

HEAD_BYTES: Final = 4096
_PACKAGES: Final = Path(__file__).resolve().parents[2]

Place = tuple[int, Box]


@dataclass(frozen=True, slots=True)
class CropRequest:
    places: list[Place]
    limits: ReadLimits
    parent_id: int


REQUEST: Final = TypeAdapter(CropRequest)


def cut(stream: BinaryIO, places: Sequence[Place], waiting: Callable[[], None]) -> list[bytes]:
    """A WEBP picture of each place, empty where there is none. `waiting` is called meanwhile and may raise to stop."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    limits = limits_for(stream.read(HEAD_BYTES), size)
    stream.seek(0)
    with TemporaryFile() as out:
        _run(stream, CropRequest([*places], limits, os.getpid()), out, waiting)
        out.seek(0)
        found = [*_pictures(out)]
    return found + [b""] * (len(places) - len(found))


def _run(stream: BinaryIO, request: CropRequest, out: BinaryIO, waiting: Callable[[], None]) -> None:
    command = [sys.executable, "-m", "app.services.crop_child", REQUEST.dump_json(request).decode()]
    environment = {"PYTHONPATH": str(_PACKAGES), "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")}
    child = subprocess.Popen(  # noqa: S603  # our own module, and no shell
        command, stdin=stream, stdout=out, stderr=subprocess.DEVNULL, env=environment, cwd="/"
    )
    deadline = time.monotonic() + request.limits.silence_s
    try:
        while child.poll() is None and time.monotonic() < deadline:
            waiting()
            time.sleep(POLL_S)
    finally:
        child.kill()
        code = child.wait()
    if code:
        log.warning("crops.cutter_died", code=code)


def _pictures(out: BinaryIO) -> Iterator[bytes]:
    while line := out.readline():
        size = int(line)
        if len(picture := out.read(size)) < size:
            return
        yield picture
