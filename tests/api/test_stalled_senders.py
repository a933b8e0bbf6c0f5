"""Clients that send slowly, or much, or what takes long, take neither a thread nor the disk from anybody."""

import asyncio
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Literal

import httpx2
import pytest
from sqlalchemy.engine import URL

from app.core.config import DatabaseSettings, WebSettings
from app.domain.enums import Role
from app.models import User
from tests.conftest import make_settings
from tests.factories.server import DEADLINE_S, Server, eventually, serving
from tests.factories.users import auth, make_user
from tests.unit.test_images import picture

pytestmark = pytest.mark.own_database

LOGIN: Final = "/api/v1/auth/login"
SEARCH: Final = "/api/v1/search/picture"
MEDIA: Final = "/api/v1/media"
POOL_SIZE: Final = 2
SENDERS: Final = 8  # more than there are threads


@pytest.fixture
def server(own_database_url: URL, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    settings = make_settings(own_database_url, tmp_path)
    database = DatabaseSettings(url=settings.database.url, pool_size=POOL_SIZE, pool_timeout_s=DEADLINE_S)
    web = WebSettings(body_stall_s=getattr(request, "param", DEADLINE_S))
    with serving(settings.model_copy(update={"database": database, "web": web})) as server:
        yield server


def users(server: Server, count: int, role: Role = Role.STUDENT) -> list[User]:
    with server.resources.sessions.begin() as session:
        return [make_user(session, role=role) for _ in range(count)]


def begun(server: Server, path: str, user: User, kind: str) -> socket.socket:
    """A connection on which a body has begun, and does not go on."""
    connection = server.connection()
    bearer = auth(server.app, user)["Authorization"]
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {bearer}\r\nContent-Type: {kind}\r\n"
    connection.sendall(f"{head}Content-Length: 5000\r\n\r\n".encode() + b"--x\r\n")
    return connection


def send(server: Server, path: str, user: User) -> int:
    files = {"file": ("x.png", picture("PNG"), "image/png")}
    headers = auth(server.app, user)
    return httpx2.post(server.url + path, headers=headers, files=files, timeout=DEADLINE_S).status_code


@pytest.mark.parametrize("server", [0.2], indirect=True)
@pytest.mark.parametrize(("path", "kind"), [(LOGIN, "application/json"), (SEARCH, "multipart/form-data; boundary=x")])
def test_a_body_that_does_not_go_on_ends_its_connection(server: Server, path: str, kind: str) -> None:
    [user] = users(server, 1)
    with begun(server, path, user, kind) as connection, connection.makefile("rb") as reply:
        assert reply.read().startswith(b"HTTP/1.1 408")
    assert send(server, SEARCH, user) == 200


def test_a_student_sends_one_file_at_a_time(server: Server) -> None:
    student, other = users(server, 2)
    with begun(server, SEARCH, student, "multipart/form-data; boundary=x"):
        assert eventually(lambda: send(server, SEARCH, student) == 429)
        assert send(server, SEARCH, other) == 200
    assert eventually(lambda: send(server, SEARCH, student) == 200)


class Gate(asyncio.Semaphore):
    """Counts who comes to it."""

    asked = 0

    async def acquire(self) -> Literal[True]:
        self.asked += 1
        return await super().acquire()


@pytest.mark.parametrize(("path", "role", "status"), [(SEARCH, Role.STUDENT, 200), (MEDIA, Role.TEACHER, 201)])
def test_pictures_that_wait_keep_nobody_else_waiting(server: Server, path: str, role: Role, status: int) -> None:
    senders, [student] = users(server, SENDERS, role), users(server, 1)
    gate = server.app.state.pictures.gate = Gate(1)
    with ThreadPoolExecutor(SENDERS) as threads:
        server.run(gate.acquire())
        replies = [threads.submit(send, server, path, sender) for sender in senders]
        assert eventually(lambda: gate.asked == 1 + SENDERS)
        assert [server.me(student) for _ in range(3)] == [200] * 3
        assert not any(reply.done() for reply in replies)
        server.loop.call_soon_threadsafe(gate.release)
        assert [reply.result() for reply in replies] == [status] * SENDERS
