"""Clients that ask for much and read nothing take neither a connection nor a slot from anybody."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
import pytest
import uvicorn
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.core.config import DatabaseSettings
from app.core.resources import Resources
from app.domain.enums import Role
from app.main import create_app
from app.models import ImportJob, User
from tests.conftest import make_settings
from tests.factories.subjects import make_subject
from tests.factories.users import PASSWORD, auth, make_user

pytestmark = pytest.mark.own_database

DATA: Final = "/api/v1/users/me/data"
READERS: Final = 5  # more than there are connections
POOL_SIZE: Final = 2
DEADLINE_S: Final = 30

_LARGE = """
INSERT INTO idempotency_keys (user_id, route, key, body_hash, status, reply)
SELECT :user_id, 'POST /x', 'key-' || i, '', 201, convert_to(repeat('x', 8000), 'UTF8') FROM generate_series(1, 700) i
"""
_ROWS = """
INSERT INTO import_rows (import_id, n, message, location, text)
SELECT :import_id, i, repeat('x', 1000), '{}', '' FROM generate_series(1, 6000) i
"""
_IDLE = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()
"""


@dataclass
class Server:
    """The application behind real sockets."""

    app: object
    resources: Resources
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stalled(self, path: str, user: User) -> socket.socket:
        """A connection that has taken the first bytes of the reply and goes on with none."""
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(DEADLINE_S)
        connection.connect(("127.0.0.1", self.port))
        bearer = auth(self.app, user)["Authorization"]
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\n\r\n".encode())
        return connection

    def log_in(self, user: User) -> int:
        body = {"email": user.email, "password": PASSWORD}
        return httpx2.post(f"{self.url}/api/v1/auth/login", json=body, timeout=DEADLINE_S).status_code

    def ready(self) -> int:
        return httpx2.get(f"{self.url}/health/ready", timeout=DEADLINE_S).status_code


@pytest.fixture
def server(own_database_url: URL, tmp_path: Path) -> Iterator[Server]:
    settings = make_settings(own_database_url, tmp_path)
    database = DatabaseSettings(url=settings.database.url, pool_size=POOL_SIZE, pool_timeout_s=2)
    app = create_app(settings.model_copy(update={"database": database}))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Server(app, app.state.resources, listener.getsockname()[1])
        finally:
            running.should_exit = True
            thread.join()


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true before the deadline."""
    until = time.monotonic() + DEADLINE_S
    while not (is_true := condition()) and time.monotonic() < until:
        time.sleep(0.05)
    return is_true


def idle_transactions(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text(_IDLE)) or 0)


def own_data(session: Session, users: list[User]) -> str:
    for user in users:
        session.execute(text(_LARGE), {"user_id": user.id})
    return DATA


def rows_of_an_import(session: Session, users: list[User]) -> str:
    job = ImportJob(subject_id=make_subject(session).id, created_by=users[0].id, filename="x.csv", sha256="0" * 64)
    session.add(job)
    session.flush()
    session.execute(text(_ROWS), {"import_id": job.id})
    return f"/api/v1/imports/{job.id}/report.csv"


@pytest.mark.parametrize("make", [own_data, rows_of_an_import])
def test_readers_that_stall_keep_nobody_out(server: Server, make: Callable[[Session, list[User]], str]) -> None:
    with server.resources.sessions.begin() as session:
        readers = [make_user(session, role=Role.ADMIN) for _ in range(READERS)]
        student, path = make_user(session), make(session, readers)
    with contextlib.ExitStack() as connections:
        for connection in [connections.enter_context(server.stalled(path, reader)) for reader in readers]:
            assert connection.recv(12) == b"HTTP/1.1 200"
        assert idle_transactions(server.resources.engine) == 0
        assert (server.ready(), server.log_in(student)) == (200, 200)
    assert eventually(lambda: idle_transactions(server.resources.engine) == 0)
    assert (server.ready(), server.log_in(student)) == (200, 200)


def test_one_reader_who_asks_again_and_again_gets_one_file(server: Server) -> None:
    with server.resources.sessions.begin() as session:
        reader = make_user(session)
        own_data(session, [reader])
    with contextlib.ExitStack() as connections:
        asked = [connections.enter_context(server.stalled(DATA, reader)) for _ in range(READERS)]
        replies = sorted(connection.recv(12) for connection in asked)
        assert replies == [b"HTTP/1.1 200"] + [b"HTTP/1.1 429"] * (READERS - 1)
        assert (server.ready(), server.log_in(reader)) == (200, 200)
    headers = auth(server.app, reader)
    # Once the connection is closed the file is gone, and the next one may be asked for.
    assert eventually(lambda: httpx2.get(server.url + DATA, headers=headers, timeout=DEADLINE_S).status_code == 200)
