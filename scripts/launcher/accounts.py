"""PostgreSQL refuses to run as root, so a root start hands its part to an account without rights."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int


def unprivileged_account(owned: Path) -> Account | None:
    """The account to run as; none is needed for an ordinary user.

    What `owned` belongs to wins, because a second start must be able to read what the first one wrote.
    """
    if os.geteuid() != 0:
        return None
    if owned.exists():
        status = owned.stat()
        if status.st_uid != 0:
            return Account(status.st_uid, status.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    return Account(NOBODY, NOBODY)


def give(account: Account | None, path: Path) -> None:
    if account is not None:
        os.chown(path, account.uid, account.gid)
