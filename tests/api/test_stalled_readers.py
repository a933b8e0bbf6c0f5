"""Clients that ask for much and read nothing take neither a connection nor a slot from anybody."""

import contextlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import httpx2
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.core.config import DatabaseSettings
from app.domain.enums import Role
from app.models import ImportJob, User
from tests.conftest import make_settings
from tests.factories.server import DEADLINE_S, Server, eventually, serving
from tests.factories.subjects import make_subject
from tests.factories.users import auth, make_user

pytestmark = pytest.mark.own_database

DATA: Final = "/api/v1/users/me/data"
READERS: Final = 5  # more than there are connections
POOL_SIZE: Final = 2

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


@pytest.fixture
def server(own_database_url: URL, tmp_path: Path) -> Iterator[Server]:
    settings = make_settings(own_database_url, tmp_path)
    database = DatabaseSettings(url=settings.database.url, pool_size=POOL_SIZE, pool_timeout_s=2)
    with serving(settings.model_copy(update={"database": database})) as server:
        yield server


def stalled(server: Server, path: str, user: User) -> socket.socket:
    """A connection that has taken the first bytes of the reply and goes on with none."""
    connection = server.connection()
    bearer = auth(server.app, user)["Authorization"]
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\n\r\n".encode())
    return connection


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
        for connection in [connections.enter_context(stalled(server, path, reader)) for reader in readers]:
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
        asked = [connections.enter_context(stalled(server, DATA, reader)) for _ in range(READERS)]
        replies = sorted(connection.recv(12) for connection in asked)
        assert replies == [b"HTTP/1.1 200"] + [b"HTTP/1.1 429"] * (READERS - 1)
        assert (server.ready(), server.log_in(reader)) == (200, 200)
    headers = auth(server.app, reader)
    # Once the connection is closed the file is gone, and the next one may be asked for.
    assert eventually(lambda: httpx2.get(server.url + DATA, headers=headers, timeout=DEADLINE_S).status_code == 200)
