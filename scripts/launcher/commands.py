import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .accounts import Account
from .failure import LaunchError
from .folders import PROJECT

LINES_SHOWN = 8


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    directory: Path = PROJECT,
    text: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run a short command to its end, its errors among its output; the caller judges the exit code."""
    return subprocess.run(  # noqa: S603 - our own command lines only, and never through a shell
        command,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        cwd=directory,
        env=environment,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=False,
    )


def plain_lines(output: str) -> list[str]:
    """The end of what a program said, indented for a message, without the frames of tracebacks."""
    said = [line.rstrip() for line in output.splitlines() if line.strip()]
    plain = [line for line in said if not line.startswith(("  ", "Traceback ", "(Background on this error"))]
    return [f"  {line.strip()}" for line in plain[-LINES_SHOWN:]]


def may_enter(account: Account | None, path: Path) -> bool:
    """Asked of the kernel as that account, so that access lists and mount options count too."""
    if account is None:
        return os.access(path, os.X_OK)
    try:
        return run(["/usr/bin/env", "test", "-x", str(path)], account=account, directory=Path("/")).returncode == 0
    except PermissionError as error:
        raise LaunchError(
            "This root account may not switch to another user, which PostgreSQL needs. Start Studium as an ordinary "
            "user, or set DATABASE_URL to a PostgreSQL that runs elsewhere."
        ) from error
