"""Cuts places out of one paper in a process of its own, for the same reasons as `import_child` reads one.

The paper is standard input, the request the only argument; each picture is a line with its size, then its bytes.
"""

import os
import sys
from typing import BinaryIO

from app.ai.processing.page_crops import NoPagesError, page_crops
from app.services.import_limits import impose
from app.services.page_cutting import REQUEST
from app.utils.child_process import end_with


def main() -> None:
    request = REQUEST.validate_json(sys.argv[1])
    end_with(request.parent_id)
    impose(request.limits)
    with os.fdopen(0, "rb", closefd=False) as stream:
        write_crops(stream, request.places, sys.stdout.buffer)


def write_crops(stream: BinaryIO, places: list[tuple[int, tuple[float, float, float, float]]], out: BinaryIO) -> None:
    stream.seek(0)
    try:
        for picture in page_crops(stream, places):
            out.write(b"%d\n" % len(picture))
            out.write(picture)
            out.flush()
    except NoPagesError:
        return


if __name__ == "__main__":
    main()
