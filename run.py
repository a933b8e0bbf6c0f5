#!/usr/bin/env python3
"""Start Studium with everything it needs: `python3 run.py --help`."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what an older Python is started with
    sys.exit(
        "Studium needs Python 3.11 or newer, this is %d.%d. Install one and start again, "  # noqa: UP031 - as above
        "for example: python3.11 run.py" % sys.version_info[:2]
    )

if sys.platform == "win32":
    sys.exit("This starter runs on Linux and macOS; on Windows use it inside WSL 2, or docker compose.")

from scripts.launcher.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
