import json
import os
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from .commands import plain_lines, run
from .failure import LaunchError
from .folders import BACKEND, WEB_PAGES, DataFolder, write_private
from .http_probe import answers_ok
from .listeners import url_of
from .parts import Part
from .python_environment import PythonEnvironment
from .services import Services
from .variables import given_variables

SECRET_BYTES = 48
MOST_WORKER_PROCESSES = 4
LONG_STOP_S = 30.0  # open streams and running tasks get this long before they are cut


@dataclass(frozen=True)
class Application:
    """The product's own processes, and the steps that come before them."""

    python: PythonEnvironment
    data: DataFolder
    services: Services
    listeners: Sequence[socket.socket]

    @property
    def url(self) -> str:
        return url_of(self.listeners[0])

    def environment(self) -> dict[str, str]:
        given = given_variables()
        changeable = {
            "APP_ENVIRONMENT": "development",
            "APP_FILES__DIRECTORY": str(self.data.files),
            "APP_WEB__PUBLIC_URL": self.url,
            **({"APP_WEB__PAGES_DIRECTORY": str(WEB_PAGES)} if WEB_PAGES.exists() else {}),
        }
        fixed = {
            "APP_DATABASE__URL": self.services.database_url,
            "APP_REDIS__URL": self.services.redis_url,
            "APP_CHROMA__URL": self.services.chroma_url,
            "APP_WEB__PORT": self.url.rpartition(":")[2],
            "APP_SECRET_KEY": given.get("APP_SECRET_KEY") or self._secret_key(),
            "PYTHONPATH": str(BACKEND),
            "PYTHONUNBUFFERED": "1",
        }
        return changeable | given | fixed

    @contextmanager
    def known_to_scripts(self) -> Iterator[None]:
        """While it runs, an administrator's `scripts/*.py` find this product's settings in its data folder."""
        file = self.data.root / "environment.json"
        own = {name: value for name, value in self.environment().items() if name.startswith("APP_")}
        write_private(file, json.dumps(own, indent=2))
        try:
            yield
        finally:
            file.unlink(missing_ok=True)

    def run_step(self, title: str, *arguments: str) -> str:
        """One step that must succeed before the next part starts; returns what it printed."""
        answer = run([str(self.python.executable), *arguments], environment=self.environment())
        log = self.data.logs / "steps.log"
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{title}: {' '.join(arguments)}\n{answer.stdout}\n")
        if answer.returncode != 0:
            raise LaunchError("\n".join([f"{title} failed (log: {log}):", *plain_lines(answer.stdout)]))
        return answer.stdout

    def worker_parts(self) -> list[Part]:
        """Celery where there is a Redis to ring it, else the relay that looks into the table of jobs."""
        if not self.services.redis_url:
            return [self._background("relay", "Worker", "relay.started", "-m", "app.tasks.relay")]
        celery = ("-m", "celery", "-A", "app.tasks.celery_app")
        processes = min(MOST_WORKER_PROCESSES, os.cpu_count() or 1)
        schedule = ("--schedule", str(self.data.root / "beat-schedule"))
        return [
            self._background(
                "worker", "Worker", " ready.", *celery, "worker", f"--concurrency={processes}", "-l", "INFO"
            ),
            self._background("beat", "Timetable", "beat: Starting", *celery, "beat", "-l", "INFO", *schedule),
        ]

    def api_parts(self) -> list[Part]:
        return [
            Part(
                name=f"api-{number}",
                title=f"API {number}" if len(self.listeners) > 1 else "API",
                command=(
                    *(str(self.python.executable), "-m", "uvicorn", "app.main:create_app", "--factory"),
                    *("--fd", str(listener.fileno()), "--no-access-log", "--no-server-header"),
                    "--no-proxy-headers",  # the application itself believes named proxies, and nobody else
                    *("--timeout-graceful-shutdown", "10"),
                ),
                environment=self.environment(),
                is_ready=lambda: answers_ok(f"{self.url}/health/ready"),
                stop_timeout_s=LONG_STOP_S,
                inherited=(listener.fileno(),),
            )
            for number, listener in enumerate(self.listeners, 1)
        ]

    def _background(self, name: str, title: str, ready_words: str, *arguments: str) -> Part:
        return Part(
            name=name,
            title=title,
            command=(str(self.python.executable), *arguments),
            environment=self.environment(),
            is_ready=self._says(name, ready_words),
            stop_timeout_s=LONG_STOP_S,
        )

    def _says(self, name: str, words: str) -> Callable[[], bool]:
        """Workers listen on no port: what they write when they take up work is all there is to see."""
        log = self.data.logs / f"{name}.log"
        before = log.stat().st_size if log.exists() else 0

        def has_said() -> bool:
            text = log.read_bytes()
            return words.encode() in text[before if len(text) >= before else 0 :]

        return has_said

    def _secret_key(self) -> str:
        """Kept, because every login and every signed link depends on it."""
        path = self.data.root / "secret_key"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(SECRET_BYTES))
        return path.read_text(encoding="ascii")
