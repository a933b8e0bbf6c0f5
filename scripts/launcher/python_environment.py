import fcntl
import hashlib
import importlib.util
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .commands import plain_lines, run
from .failure import LaunchError
from .folders import PROJECT
from .variables import own_variables

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
OLDEST = (3, 11)
NEWEST_TRIED = (3, 13)


class PythonEnvironment:
    """The project's `.venv`: made on the first start, installed into only when a requirements file has changed."""

    def __init__(self, folder: Path = PROJECT / ".venv") -> None:
        self.folder = folder

    @property
    def executable(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        return next(self.folder.glob("lib/python3*/site-packages"), self.folder)

    def install(self, requirements: str, title: str) -> None:
        """Have what `requirements/<requirements>.txt` lists, with exactly the hashes it gives."""
        listed = PROJECT / "requirements" / f"{requirements}.txt"
        digest = hashlib.sha256(listed.read_bytes()).hexdigest()
        stamp = self.folder / f"installed-{requirements}.sha256"
        with self._alone():
            self.make()
            if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
                return
            print(f"Installing {title} (only when something changed; the first time takes minutes)")
            self._pip("install", "--require-hashes", "--no-deps", "--requirement", str(listed))
            stamp.write_text(digest, encoding="ascii")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two starts at once must not install into one folder at once."""
        try:
            self.folder.mkdir(exist_ok=True)
            lock = (self.folder / "install.lock").open("w", encoding="ascii")
        except PermissionError as error:
            raise LaunchError(
                f"You may not write to {self.folder}, where Studium's Python packages go. Start it as the owner of "
                "the project folder, or make a copy that is yours."
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def make(self) -> None:
        if self._works():
            return
        if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
            raise LaunchError(
                "This Python cannot make virtual environments. On Debian or Ubuntu: "
                f"apt-get install python{VERSION}-venv"
            )
        print(f"Making the Python environment in {self.folder}")
        self._forget()
        self._run(sys.executable, "-m", "venv", str(self.folder))

    def _works(self) -> bool:
        """Also for another Python than ours, as long as it is new enough: somebody may be using it right now."""
        if not self.executable.exists():
            return False
        program = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
        return run([str(self.executable), "-c", program], environment=own_variables()).returncode == 0

    def _forget(self) -> None:
        for leftover in self.folder.iterdir():
            if leftover.name == "install.lock":
                continue
            if leftover.is_dir() and not leftover.is_symlink():
                shutil.rmtree(leftover)
            else:
                leftover.unlink()

    def _pip(self, *arguments: str) -> None:
        quiet = ("--quiet", "--no-input", "--disable-pip-version-check")
        self._run(str(self.executable), "-m", "pip", *arguments, *quiet)

    def _run(self, *command: str) -> None:
        answer = run(command, environment=own_variables())
        if answer.returncode != 0:
            raise LaunchError(_what_to_do(command, answer.stdout))


def _what_to_do(command: tuple[str, ...], output: str) -> str:
    said = "\n".join([f"`{' '.join(command)}` failed:", *plain_lines(output), ""])
    if "No space left" in output:
        return said + "The disk is full: free some space and start again."
    if "No matching distribution" in output and sys.version_info[:2] > NEWEST_TRIED:
        return said + f"Some package is not there for Python {VERSION} yet: start with Python 3.11 to 3.13."
    return said + "Check the network connection (and pip's proxy or index settings), then start again."
