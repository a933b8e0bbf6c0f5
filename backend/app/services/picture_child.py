"""Makes one picture anew in a process of its own: few bytes can make a decoder compute for hours or take all memory.

The picture is standard input; what is wished and the id of the parent are the arguments. The reply is a line of JSON,
then the bytes.
"""

import json
import os
import sys
from dataclasses import asdict
from typing import Final

from app.utils.child_process import Usage, confine, end_with
from app.utils.images import ImageRefusedError, clean_image, small_image

MIB: Final = 1024 * 1024
NICENESS: Final = 10
MAKERS: Final = {
    "whole": (clean_image, Usage(cpu_s=30, memory_bytes=2048 * MIB, output_bytes=0)),
    "small": (small_image, Usage(cpu_s=5, memory_bytes=768 * MIB, output_bytes=0)),
}


def main() -> None:
    wish, parent_id = sys.argv[1:]
    make, usage = MAKERS[wish]
    end_with(int(parent_id))
    confine(usage)
    if sys.platform != "win32":
        os.nice(NICENESS)
    try:
        image = make(sys.stdin.buffer.read())
    except ImageRefusedError as error:
        _write({"refused": str(error)}, b"")
    else:
        fields = asdict(image)
        _write(fields, fields.pop("data"))


def _write(head: dict[str, object], data: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main()
