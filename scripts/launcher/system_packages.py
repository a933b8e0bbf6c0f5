import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .commands import run
from .variables import own_variables

# Debian packages by the program the suite needs. PostgreSQL is not among them: on a machine without one a Python
# package brings it, for every user and without a server that keeps running.
PACKAGES = {"redis-server": "redis-server", "tesseract": "tesseract-ocr", "chromium": "chromium"}
POLICY = Path("/usr/sbin/policy-rc.d")
NEVER_START = "#!/bin/sh\nexit 101\n"


def install_missing() -> list[str]:
    """Install what this user may install; returns what the suite has to do without."""
    missing = _missing()
    if not missing:
        return []
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"Missing on this machine; install with: sudo apt-get install --yes {' '.join(missing)}")
        return missing
    print(f"Installing {' '.join(missing)}")
    with _no_new_daemons():
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *missing)
    return _missing()


def _missing() -> list[str]:
    return [package for program, package in PACKAGES.items() if shutil.which(program) is None]


def _apt(*arguments: str) -> None:
    answer = run(
        ["apt-get", "--quiet", *arguments], environment=own_variables() | {"DEBIAN_FRONTEND": "noninteractive"}
    )
    if answer.returncode != 0:
        print(f"apt-get {arguments[0]} failed:\n{answer.stdout.strip()[-1000:]}")


@contextmanager
def _no_new_daemons() -> Iterator[None]:
    """Debian starts a server when its package is installed; the suite starts its own and leaves none behind."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text(NEVER_START, encoding="ascii")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
