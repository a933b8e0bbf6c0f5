"""Students who keep answering while the API is killed and PostgreSQL is stopped without warning."""

import contextlib
import http.client
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from app.core.config import AuthSettings
from app.core.security import Tokens
from scripts.bench import data
from scripts.launcher.parts import Child
from scripts.launcher.postgres import PostgresServer, prepare_server
from scripts.launcher.python_environment import PythonEnvironment
from tests.conftest import ROOT, SECRET, migrate

CREATED = 201
RESEND_SHARE = 0.10
DURABLE = {"fsync": "on", "shared_buffers": "64MB"}


@dataclass
class Acknowledged:
    """What the students were told: the reply to each step by its client key."""

    replies: dict[str, dict[str, object]] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    resends: int = 0


class World:
    """A PostgreSQL of its own, one API process in front of it, and the means to kill either."""

    def __init__(self, folder: Path, factory: str) -> None:
        self.folder, self.factory = folder, factory
        self.server: PostgresServer = prepare_server(folder, PythonEnvironment())
        self._logs = folder / "logs"
        self._logs.mkdir()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]

    @contextlib.contextmanager
    def running(self) -> Iterator[Engine]:
        self._start_postgres()
        self.server.create_database()
        engine = create_engine(self.server.url, pool_pre_ping=True)
        migrate(make_url(self.server.url))
        data.fill(engine, questions=200, students=8, attempts=200)
        self._start_api()
        try:
            yield engine
        finally:
            engine.dispose()
            self._api.kill()
            self._api.wait()
            self._postgres.stop()
            self._listener.close()

    def kill_api(self) -> None:
        self._api.send_signal(signal.SIGKILL)
        self._api.wait()
        self._start_api()

    def kill_postgres(self) -> None:
        """Immediate stop: no checkpoint, every connection is cut; what was committed must come back from the log."""
        os.kill(self._postgres.pid, signal.SIGQUIT)
        while not self._postgres.has_ended():
            time.sleep(0.02)
        self.server.forget_dead_server()
        self._start_postgres()

    def _start_postgres(self) -> None:
        self._postgres = Child(self.server.part(DURABLE), self._logs)
        self._postgres.wait_until_ready()

    def _start_api(self) -> None:
        environment = os.environ | {
            "APP_DATABASE__URL": self.server.url,
            "APP_SECRET_KEY": SECRET,
            "APP_LOG_LEVEL": "ERROR",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "backend"), str(ROOT)]),
        }
        command = [sys.executable, "-m", "uvicorn", self.factory, "--factory", "--fd", str(self._listener.fileno())]
        with (self._logs / "api.log").open("ab") as log:
            self._api = subprocess.Popen(
                command, env=environment, pass_fds=[self._listener.fileno()], stdout=log, stderr=log, cwd=ROOT
            )


class StudentThread(threading.Thread):
    """Sends each answer until it is acknowledged, and now and then once more afterwards."""

    def __init__(self, world: World, number: int, stop: threading.Event, known: Acknowledged) -> None:
        super().__init__(name=f"student-{number}", daemon=True)
        self._world, self._number, self._stop_asked, self._known = world, number, stop, known
        self._token = data.access_token(Tokens(SECRET, AuthSettings(access_ttl_s=3600)), number)
        self._random = random.Random(number)

    def run(self) -> None:
        practice = self._until_acknowledged("/api/v1/practice-sessions", {"subject_id": str(data.SUBJECT_ID)})
        if practice is None:
            return
        path = f"/api/v1/practice-sessions/{practice['id']}/answers"
        shown = practice["current"]
        for step in itertools.count():
            key = f"student-{self._number}-{step}"
            body = {
                "assignment_id": shown["assignment_id"],
                "client_key": key,
                "response": {"choice": shown["question"]["options"][step % 4]["id"]},
            }
            reply = self._until_acknowledged(path, body)
            if reply is None:
                return
            self._known.replies[key] = reply
            if reply["next"] is None:
                self._known.contradictions.append(f"{key}: no next question")
                return
            if self._random.random() < RESEND_SHARE:
                self._resend(path, body, reply)
            shown = reply["next"]

    def _resend(self, path: str, body: dict[str, object], first: dict[str, object]) -> None:
        again = self._until_acknowledged(path, body)
        self._known.resends += 1
        if again is not None and again != first:
            self._known.contradictions.append(str(body["client_key"]))

    def _until_acknowledged(self, path: str, body: dict[str, object]) -> dict[str, object] | None:
        """The reply, however often it takes; None once everybody stops."""
        while not self._stop_asked.is_set():
            try:
                status, reply = self._post(path, body)
            except (OSError, http.client.HTTPException):
                status, reply = 0, {}
            if status == CREATED:
                return reply
            if status not in (0, 503):
                self._known.contradictions.append(f"{body.get('client_key')}: {status} {reply}")
                return None
            time.sleep(0.05)
        return None

    def _post(self, path: str, body: dict[str, object]) -> tuple[int, dict[str, object]]:
        connection = http.client.HTTPConnection("127.0.0.1", self._world.port, timeout=10)
        try:
            headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"{}")
        finally:
            connection.close()


def practise_through(world: World, kills: int, seed: int) -> Acknowledged:
    """Let eight students answer while the parts are killed in turn, at random moments."""
    stop, known, chance = threading.Event(), Acknowledged(), random.Random(seed)
    students = [StudentThread(world, number, stop, known) for number in range(1, 9)]
    for student in students:
        student.start()
    for kill in range(kills):
        before = len(known.replies)
        deadline = time.monotonic() + 30
        while len(known.replies) < before + 25 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(chance.uniform(0.0, 0.3))
        (world.kill_postgres if kill % 2 else world.kill_api)()
    time.sleep(1.5)
    stop.set()
    for student in students:
        student.join(20)
    return known


def stored_keys(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        query = text("SELECT client_key FROM attempts WHERE client_key LIKE 'student-%'")
        return list(connection.scalars(query))
