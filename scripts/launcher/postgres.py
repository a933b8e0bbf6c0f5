import os
import shutil
import signal
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .accounts import Account, give, unprivileged_account
from .commands import may_enter, run
from .failure import LaunchError
from .parts import Part
from .postgres_binaries import PostgresBinaries, binaries_for
from .python_environment import PythonEnvironment
from .socket_folder import socket_folder

FIRST_WITH_BUILTIN_LOCALES = 17
ROLE = DATABASE = "studium"
QUICK_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CREATE_DATABASE = (
    "SELECT 'CREATE DATABASE studium' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'studium') \\gexec\n"
)


@dataclass(frozen=True)
class PostgresServer:
    """A private server that listens on one socket only, in a folder that only its account may enter."""

    home: Path
    sockets: Path
    binaries: PostgresBinaries
    account: Account | None

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{ROLE}@/{DATABASE}?host={self.sockets}"

    @property
    def title(self) -> str:
        return f"PostgreSQL {self.binaries.major}"

    def part(self, settings: Mapping[str, str]) -> Part:
        """The server process; `settings` are PostgreSQL's own."""
        private = {"listen_addresses": "", "unix_socket_directories": str(self.sockets), "timezone": "UTC"}
        options = [text for name, value in (private | dict(settings)).items() for text in ("-c", f"{name}={value}")]
        return Part(
            name="postgres",
            title=self.title,
            command=(self.binaries.path("postgres"), "-D", str(self.cluster), *options),
            environment=_environment(),
            is_ready=self._answers,
            directory=self.home,
            stop_signal=signal.SIGINT,  # "fast": roll back what is open, write everything, stop
            stop_timeout_s=60,
            account=self.account,
            advice=f"If {self.cluster} is damaged, restore a backup or move it away to start with an empty database.",
        )

    def create_cluster(self) -> None:
        """Make the data folder if there is none: elsewhere first, so that half a folder is never taken for one."""
        if (self.cluster / "PG_VERSION").exists():
            return
        if self.cluster.exists():
            raise LaunchError(
                f"{self.cluster} is not a PostgreSQL data folder, or a broken one. Restore it from a backup, or move "
                "it away to start with an empty database."
            )
        draft = self.home / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        self._run(
            "initdb",
            *("-D", str(draft), "--encoding=UTF8", "--data-checksums", *_locale(self.binaries.major)),
            *(f"--username={ROLE}", "--auth-local=trust", "--auth-host=reject"),
        )
        draft.rename(self.cluster)

    def forget_dead_server(self) -> None:
        """Remove the note of a server that a power cut ended: by now its process id may be somebody else's.

        PostgreSQL would refuse to start. Without `/proc` the note stays, and PostgreSQL decides.
        """
        note = self.cluster / "postmaster.pid"
        if not note.exists() or not Path("/proc/self/cmdline").exists():
            return
        pid = note.read_text(encoding="utf-8").split()[0]
        try:
            command = Path("/proc", pid, "cmdline").read_bytes()
        except FileNotFoundError:
            command = b""
        if os.fsencode(self.cluster) not in command:
            note.unlink()

    def create_database(self) -> None:
        connection = ("-h", str(self.sockets), "-U", ROLE, "-d", "postgres")
        self._run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", *connection, text=CREATE_DATABASE)

    def _answers(self) -> bool:
        command = [self.binaries.path("pg_isready"), "-q", "-h", str(self.sockets), "-d", "postgres", "-U", ROLE]
        return run(command, environment=_environment()).returncode == 0

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        answer = run(
            [self.binaries.path(program), *arguments],
            environment=_environment(),
            account=self.account,
            directory=self.home,
            text=text,
        )
        if answer.returncode != 0:
            raise LaunchError(f"{self.title} could not prepare {self.home}: {answer.stdout.strip()}")


def _environment() -> dict[str, str]:
    """Without the PG* variables of the caller, which would lead the client programs to another server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}


def _locale(major: int) -> list[str]:
    """Sorting by code point and Unicode letters, the same on every machine."""
    if major >= FIRST_WITH_BUILTIN_LOCALES:
        return ["--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"]
    return ["--locale=C", "--lc-ctype=C.UTF-8" if os.uname().sysname == "Linux" else "--lc-ctype=UTF-8"]


def prepare_server(data: Path, python: PythonEnvironment) -> PostgresServer:
    """Everything up to the point where the server can be started."""
    home = data / "postgres"
    account = unprivileged_account(home)
    home = _home(home, account)
    binaries = binaries_for(account, home, _major_of(home), python)
    server = PostgresServer(home, socket_folder(home / "socket", account), binaries, account)
    server.create_cluster()
    server.forget_dead_server()
    return server


def remove_server(data: Path) -> None:
    """Delete a stopped server with its data, wherever `prepare_server` put it."""
    home = data / "postgres"
    shutil.rmtree(home.resolve(), ignore_errors=True)
    if home.is_symlink():
        home.unlink()


def _home(home: Path, account: Account | None) -> Path:
    """The folder of the server; somewhere else, with a link to it, if the account cannot reach the wanted one."""
    if home.is_symlink() and not home.exists():
        raise LaunchError(
            f"The database of this installation was in {home.readlink()} and is gone. Bring it back, or remove the "
            f"link {home} to start with an empty one."
        )
    if not home.exists():
        _make_home(home, account)
    actual = home.resolve()
    if not may_enter(account, actual):
        raise LaunchError(
            f"PostgreSQL's account cannot enter {actual}. Open the folders above it (chmod o+x), or start as the user "
            "who made it."
        )
    return actual


def _make_home(home: Path, account: Account | None) -> None:
    if may_enter(account, home.parent):
        home.mkdir(mode=0o700)
    else:
        state = Path("/var/lib")
        home.symlink_to(tempfile.mkdtemp(prefix="studium-", dir=state if state.is_dir() else None))
        print(
            f"PostgreSQL may not run as root, and its account cannot enter {home.parent}: its data is in "
            f"{home.readlink()}"
        )
    give(account, home)


def _major_of(home: Path) -> int | None:
    version = home / "cluster" / "PG_VERSION"
    return int(version.read_text(encoding="ascii")) if version.exists() else None
