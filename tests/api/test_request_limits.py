"""What is refused by its headers, its sender or its shape, before anything is read, stored or parsed."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy.orm import Session
from starlette.types import Message

from app.domain.enums import Role, UserStatus
from app.models import User
from tests.factories.practice import Student
from tests.factories.questions import choice_draft, make_question
from tests.factories.subjects import make_subject
from tests.factories.users import PASSWORD, auth, make_user

LOGIN = "/api/v1/auth/login"
IMPORTS = "/api/v1/imports"
MIB = 1024 * 1024
JSON_HEADER = (b"content-type", b"application/json")
FORM_HEADER = (b"content-type", b"multipart/form-data; boundary=x")
BEGIN = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
FORM_ROUTES = [IMPORTS, "/api/v1/media", "/api/v1/users/table", "/api/v1/search/picture"]


@dataclass
class Exchange:
    """A request whose body comes in pieces of 1 MiB, and how much of it was taken before the reply."""

    app: FastAPI
    path: str
    headers: list[tuple[bytes, bytes]]
    pieces: int
    body: bytes = b""
    taken: int = 0
    sent: list[Message] = field(default_factory=list)

    def reply(self) -> tuple[int, str]:
        scope = {"type": "http", "method": "POST", "path": self.path, "raw_path": self.path.encode()}
        scope |= {"query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1"}
        scope |= {"headers": self.headers, "client": ("10.0.0.1", 1), "server": ("testserver", 80)}
        asyncio.run(self.app(scope, self._receive, self._send))
        body = b"".join(message.get("body", b"") for message in self.sent)
        return self.sent[0]["status"], json.loads(body)["code"]

    async def _receive(self) -> Message:
        self.taken += 1
        body = (self.body if self.taken == 1 else b"").ljust(MIB, b"x")
        return {"type": "http.request", "body": body, "more_body": self.taken < self.pieces}

    async def _send(self, message: Message) -> None:
        self.sent.append(message)


def exchange(app: FastAPI, path: str, headers: Iterable[tuple[bytes, bytes]]) -> Exchange:
    return Exchange(app, path, [*headers, (b"transfer-encoding", b"chunked")], pieces=20)


def raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def problem_of(reply: Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


@pytest.mark.parametrize("name", ["Content-Type", "Content-Length", "Transfer-Encoding", "Authorization", "Host"])
def test_a_header_with_two_meanings_is_refused(app: FastAPI, name: str) -> None:
    twice = [(name.lower().encode(), b"1"), (name.lower().encode(), b"2")]
    request = Exchange(app, LOGIN, twice, pieces=20)
    assert request.reply() == (400, "repeated_header")
    assert request.taken == 0


def test_two_content_types_do_not_lift_the_limits(client: TestClient) -> None:
    deep = b'{"a":' * 1000 + b"1" + b"}" * 1000
    types = [("Content-Type", "application/json"), ("Content-Type", "multipart/x")]
    assert problem_of(client.post(LOGIN, content=deep, headers=types)) == (400, "repeated_header")


@pytest.mark.parametrize("kind", [b"multipart/x", b"multipart/form-data; boundary=x", b"application/json", b""])
@pytest.mark.parametrize("path", [LOGIN, "/api/v1/auth/register", "/api/v1/password-resets", "/api/v1/auth/refresh"])
def test_only_uploads_may_be_as_large_as_one(app: FastAPI, path: str, kind: bytes) -> None:
    request = exchange(app, path, [(b"content-type", kind)])
    assert request.reply()[0] in {404, 413}
    assert request.taken <= 1


def test_what_is_no_form_is_no_upload(app: FastAPI, session: Session) -> None:
    headers = raw(auth(app, make_user(session, role=Role.TEACHER)))
    for kind in (b"application/x-www-form-urlencoded", b"application/json", b"multipart/x"):
        request = exchange(app, IMPORTS, [(b"content-type", kind), *headers])
        assert request.reply() in {(413, "too_large"), (422, "invalid_input")}
        assert request.taken <= 2


@pytest.mark.parametrize("path", FORM_ROUTES)
def test_nothing_is_read_of_an_upload_from_a_stranger(app: FastAPI, path: str) -> None:
    request = exchange(app, path, [FORM_HEADER])
    assert request.reply() == (401, "unauthenticated")
    assert request.taken == 0


@pytest.mark.parametrize("path", FORM_ROUTES)
def test_nothing_is_read_of_an_upload_after_a_suspension(app: FastAPI, session: Session, path: str) -> None:
    user = make_user(session, role=Role.TEACHER, status=UserStatus.SUSPENDED)
    session.commit()
    request = exchange(app, path, [FORM_HEADER, *raw(auth(app, user))])
    assert request.reply() == (401, "unauthenticated")
    assert request.taken == 0


@pytest.mark.parametrize("path", FORM_ROUTES[:3])
def test_nothing_is_read_of_an_upload_of_another_role(app: FastAPI, session: Session, path: str) -> None:
    user = make_user(session)
    session.commit()
    request = exchange(app, path, [FORM_HEADER, *raw(auth(app, user))])
    assert request.reply() == (403, "forbidden")
    assert request.taken == 0


def test_an_upload_may_be_large(app: FastAPI, session: Session) -> None:
    user = make_user(session, role=Role.TEACHER)
    session.commit()
    request = exchange(app, IMPORTS, [FORM_HEADER, *raw(auth(app, user))])
    assert request.reply()[0] != 413


@pytest.mark.parametrize(("path", "most"), [("/media", 21), ("/search/picture", 21), ("/users/table", 6)])
@pytest.mark.parametrize("announced", [True, False])
def test_an_upload_may_be_as_large_as_its_route_needs(
    app: FastAPI, session: Session, path: str, most: int, *, announced: bool
) -> None:
    user = make_user(session, role=Role.ADMIN)
    session.commit()
    headers = [FORM_HEADER, *raw(auth(app, user))]
    size = (b"content-length", b"%d" % (30 * MIB)) if announced else (b"transfer-encoding", b"chunked")
    request = Exchange(app, f"/api/v1{path}", [*headers, size], pieces=30, body=BEGIN)
    assert request.reply() == (413, "too_large")
    assert request.taken == (0 if announced else most + 1)


def members(count: int) -> bytes:
    return json.dumps({f"unknown{number}": 1 for number in range(count)}).encode()


HEAVY = {
    "unknown members": (members(2_500), "too_many_members"),
    "empty lists": (b"[" + b"[]," * 15_000 + b"[]]", "too_many_members"),
    "lists side by side": (b"[]" * 30_000, "too_many_members"),
    "hidden by quotes": (rb'{"a\"": "\\", "b": ' + b"[" * 60 + b"]" * 60 + b"}", "too_deep"),
    "hidden by an open text": (b"[" * 60 + b'"', "too_deep"),
}


@pytest.mark.parametrize(("body", "code"), HEAVY.values(), ids=HEAVY)
def test_heavy_bodies_are_refused_before_they_are_parsed(client: TestClient, body: bytes, code: str) -> None:
    reply = client.post(LOGIN, content=body, headers={"Content-Type": "application/json"})
    assert problem_of(reply) == (400, code)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_structure_cannot_hide_in_another_encoding(client: TestClient, encoding: str) -> None:
    body = ('{"\u2200\u2200": ' + "[" * 60 + "]" * 60 + "}").encode(encoding)
    reply = client.post(LOGIN, content=body, headers={"Content-Type": "application/json"})
    assert problem_of(reply) == (422, "invalid_input")


def test_brackets_and_commas_within_a_text_are_no_structure(client: TestClient, session: Session) -> None:
    user = make_user(session)
    session.commit()
    login = {"email": user.email, "password": "[{,:" * 32}
    assert problem_of(client.post(LOGIN, json=login)) == (401, "invalid_credentials")


@pytest.mark.parametrize("text", ["\U0001d400" * 20_000, ',[{:\\"' * 3_300, "é" * 20_000], ids=["astral", "signs", "é"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_long_texts_of_students_pass_however_they_are_sent(
    client: TestClient, session: Session, text: str, *, ascii_only: bool
) -> None:
    subject, user = make_subject(session), make_user(session)
    make_question(session, subject, draft=choice_draft())
    session.commit()
    student = Student(client, session, user)
    started = student.start(subject)
    answer: dict[str, Any] = {"assignment_id": started["current"]["assignment_id"], "client_key": "a-key-of-this-test"}
    answer |= {"elapsed_ms": 1, "response": {"text": text}}
    body = json.dumps(answer, ensure_ascii=ascii_only).encode()
    headers = {"Content-Type": "application/json", **auth(client, user)}
    reply = client.post(f"/api/v1/practice-sessions/{started['id']}/answers", content=body, headers=headers)
    assert problem_of(reply) == (422, "invalid_response")


def test_strangers_are_counted_before_their_bodies_are_read(app: FastAPI) -> None:
    for _ in range(600):
        app.state.resources.limiter.hit("600/minute", "public_address", "10.0.0.1")
    request = exchange(app, LOGIN, [JSON_HEADER])
    assert request.reply() == (429, "rate_limited")
    assert request.taken == 0


def test_large_headers_are_refused(app: FastAPI) -> None:
    request = Exchange(app, "/health/live", [(b"x-filler", b"x" * MIB)], pieces=1)
    assert request.reply() == (431, "headers_too_large")
    request = Exchange(app, "/health/live", [(b"x-%d" % number, b"x" * 1000) for number in range(40)], pieces=1)
    assert request.reply() == (431, "headers_too_large")


def password_of(user: User) -> dict[str, str]:
    return {"email": user.email, "password": PASSWORD}


def test_a_plain_login_passes_all_this(client: TestClient, session: Session) -> None:
    user = make_user(session)
    session.commit()
    assert client.post(LOGIN, json=password_of(user)).status_code == 200


def test_an_ended_login_is_told_before_what_is_wrong_with_a_body(client: TestClient, session: Session) -> None:
    subject, user = make_subject(session), make_user(session)
    make_question(session, subject)
    session.commit()
    started = Student(client, session, user).start(subject)
    user.status = UserStatus.SUSPENDED
    session.commit()
    headers = {"Content-Type": "application/json", **auth(client, user)}
    for step in ("answers", "hints", "skips", "reveals"):
        for body in (b"{", b"{}", b'{"elapsed_ms": "long"}'):
            reply = client.post(f"/api/v1/practice-sessions/{started['id']}/{step}", content=body, headers=headers)
            assert problem_of(reply) == (401, "unauthenticated"), step


def test_no_cache_keeps_what_is_private(client: TestClient, session: Session) -> None:
    user = make_user(session)
    session.commit()
    for reply in (
        client.get("/api/v1/users/me", headers=auth(client, user)),
        client.get("/api/v1/users/me"),
        client.post(LOGIN, json=password_of(user)),
        client.post(LOGIN, content=b"[" * 60),
    ):
        assert reply.headers.get_list("cache-control") == ["private, no-store"]
