import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from .accounts import Account, give
from .commands import may_enter
from .failure import LaunchError

PATH_LIMIT = 107  # sun_path of unix(7), without its closing NUL
SOCKET_NAME = ".s.PGSQL.5432"
UNQUOTED = re.compile(r"[\w./+-]+", re.ASCII)  # needs no quoting in a URL nor in PostgreSQL's lists of folders


def socket_folder(wanted: Path, account: Account | None) -> Path:
    """A folder that only `account` may enter: `wanted`, or a short one when its path does not suit a socket."""
    folder = wanted if _suits(wanted) else _short(wanted, account)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_foreign(folder, account)
    else:
        give(account, folder)
    return folder


def _suits(folder: Path) -> bool:
    path = str(folder / SOCKET_NAME)
    return len(path) <= PATH_LIMIT and UNQUOTED.fullmatch(path) is not None


def _short(wanted: Path, account: Account | None) -> Path:
    name = f"studium-{hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]}"
    places = (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp")  # noqa: S108 - checked below
    for place in filter(None, places):
        if _suits(Path(place, name)) and os.access(place, os.W_OK) and may_enter(account, Path(place)):
            return Path(place, name)
    raise LaunchError(f"The path {wanted} is too long for a socket. Choose a shorter one with --data-dir.")


def _refuse_foreign(folder: Path, account: Account | None) -> None:
    """A shared temporary folder is open to everybody: never trust a name that somebody else may have taken."""
    status = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner or stat.S_IMODE(status.st_mode) & 0o077:
        raise LaunchError(f"{folder} belongs to somebody else or is open to others. Remove it and start again.")
