"""Write requirements/*.txt from requirements/*.in: one version of everything for all systems, with its hashes.

    python scripts/compile_requirements.py [--upgrade]

Versions that are there already stay, unless --upgrade is given.
"""

import subprocess
import sys
from typing import Final

import project

FOLDER: Final = project.ROOT / "requirements"
COMMAND: Final = ("uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes")
PLAIN: Final = ("--no-header", "--no-annotate", "--no-emit-index-url", "--quiet")


def main(options: list[str]) -> int:
    for source in sorted(FOLDER.glob("*.in")):
        command = [*COMMAND, *PLAIN, *options, str(source), "--output-file", str(source.with_suffix(".txt"))]
        subprocess.run(command, check=True)  # noqa: S603 - nothing in it comes from elsewhere
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
