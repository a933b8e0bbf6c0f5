"""A picture that somebody sends: read with a limit, and made anew by a process (`picture_child`) that may be killed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO, Final, Literal

from app.core.errors import InvalidInputError, TooLargeError
from app.core.logging import get_logger
from app.utils.images import CleanImage

log = get_logger(__name__)

MAX_IMAGE_BYTES: Final = 20 * 1024 * 1024
LONGEST_S: Final = 60
"""On the clock; what it may compute the process knows by itself."""
_PACKAGES: Final = Path(__file__).resolve().parents[2]

Wish = Literal["whole", "small"]
"""As it is kept, or only as large as what compares pictures wants it."""


class ImageError(InvalidInputError):
    code = "image_refused"


def picture_data(stream: BinaryIO) -> bytes:
    """Raises TooLargeError for more than `MAX_IMAGE_BYTES`."""
    data = stream.read(MAX_IMAGE_BYTES + 1)
    if len(data) > MAX_IMAGE_BYTES:
        raise TooLargeError(f"A picture has at most {MAX_IMAGE_BYTES} bytes.")
    return data


def picture_made(wish: Wish, data: bytes) -> CleanImage:
    """The picture made anew from its pixels.

    Raises:
        ImageError: No picture of an accepted kind, too many pixels, too much work, or broken.
    """
    head, _, made = _reply(wish, data).partition(b"\n")
    fields = json.loads(head)
    if "refused" in fields:
        raise ImageError(fields["refused"])
    return CleanImage(made, **fields)


def _reply(wish: Wish, data: bytes) -> bytes:
    command = [sys.executable, "-m", "app.services.picture_child", wish, str(os.getpid())]
    environment = {"PYTHONPATH": str(_PACKAGES), "PYTHONUTF8": "1", "PATH": os.environ.get("PATH", "")}
    try:
        done = subprocess.run(  # noqa: S603  # our own module, and no shell
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/",
            timeout=LONGEST_S, check=True,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        log.warning("picture.maker_died", wish=wish, error=str(error)[-100:])
        raise ImageError("The picture takes too much work. Send a smaller one, as a PNG or a JPEG.") from error
    return done.stdout
