"""Whatever is sent, the reply is a typed problem and never an error of ours."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from jose import jwt
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.resources import Resources
from app.core.security import AccessClaims
from app.domain.enums import Role
from app.models import Subject, User
from app.utils.ids import new_id
from tests.conftest import SECRET
from tests.factories.practice import Student
from tests.factories.questions import choice_draft, make_question
from tests.factories.subjects import make_subject
from tests.factories.users import PASSWORD, auth, make_user

JSON = "application/json"
PROBLEM = "application/problem+json"
MARK = "put the bad value here"
# Raw JSON for one member of a body.
BAD_VALUES = {
    "NaN": b"NaN",
    "infinity": b"-Infinity",
    "a float out of range": b"1e999",
    "300 digits": b"9" * 300,
    "64 bits": b"9223372036854775808",
    "NUL": rb'"a\u0000b"',
    "a lone surrogate": rb'"a\ud800b"',
    "a reversed pair": rb'"\udc00\ud800"',
    "invalid UTF-8": b'"\xff\xfe"',
    "a long text": b'"' + b"x" * 300_000 + b'"',
    "an object": b'{"a": 1}',
    "a list": b"[[1]]",
    "null": b"null",
    "true": b"true",
    "an empty text": b'""',
}


@dataclass(frozen=True)
class Target:
    """An endpoint with a body it accepts, and one member of it at a time to spoil."""

    method: str
    path: str
    body: dict[str, Any]
    role: Role | None = None

    def spoiled(self, value: bytes) -> Iterator[bytes]:
        for member in self.body:
            text = json.dumps({**self.body, member: MARK}).encode()
            yield text.replace(json.dumps(MARK).encode(), value)


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    make_question(session, subject)
    session.commit()
    return subject


@pytest.fixture
def users(session: Session) -> dict[Role, User]:
    users = {role: make_user(session, role=role) for role in Role}
    session.commit()
    return users


@pytest.fixture
def targets(client: TestClient, session: Session, subject: Subject, users: dict[Role, User]) -> list[Target]:
    student = Student(client, session, users[Role.STUDENT])
    practice = student.start(subject)
    answer = {
        "assignment_id": practice["current"]["assignment_id"],
        "client_key": "client-key-of-this-test",
        "elapsed_ms": 1000,
        "response": {"choice": "a"},
        "certainty": 2,
    }
    of_subject = f"/api/v1/subjects/{subject.id}"
    of_plan = {"subject_id": str(subject.id), "skill_ids": []}
    return [
        Target("POST", "/api/v1/auth/login", {"email": "ada@example.org", "password": PASSWORD}),
        Target("POST", "/api/v1/auth/register", {"email": "a@b.c", "name": "A", "password": PASSWORD, "locale": "en"}),
        Target("POST", "/api/v1/auth/refresh", {"refresh_token": "a" * 43}),
        Target("PATCH", "/api/v1/users/me", {"name": "A", "locale": "de", "preferences": {}}, Role.STUDENT),
        Target(
            "POST", "/api/v1/subjects", {"code": "c", "title": "T", "description": "", "language": "en"}, Role.ADMIN
        ),
        Target("PATCH", of_subject, {"code": "c", "title": "T", "description": ""}, Role.TEACHER),
        Target("POST", f"{of_subject}/skills", {"code": "s", "name": "S", "prerequisite_ids": []}, Role.TEACHER),
        Target("POST", "/api/v1/questions", question_body(subject), Role.TEACHER),
        Target("POST", "/api/v1/questions/bulk", {"question_ids": [str(uuid4())], "status": "retired"}, Role.TEACHER),
        Target("POST", "/api/v1/exports", {"subject_id": str(subject.id), "format": "csv"}, Role.TEACHER),
        Target("POST", "/api/v1/reviews/plan", {**of_plan, "exam_date": "2030-01-01"}, Role.STUDENT),
        Target("POST", "/api/v1/practice-sessions", session_body(subject), Role.STUDENT),
        Target("POST", f"/api/v1/practice-sessions/{practice['id']}/answers", answer, Role.STUDENT),
    ]


def question_body(subject: Subject) -> dict[str, Any]:
    return {"subject_id": str(subject.id), "draft": choice_draft().model_dump(mode="json")}


def session_body(subject: Subject) -> dict[str, Any]:
    return {"subject_id": str(subject.id), "mode": "adaptive", "skill_ids": [], "length": 5, "target_success": 0.7}


class Sender:
    """Sends as the user that a target is for."""

    def __init__(self, client: TestClient, users: dict[Role, User]) -> None:
        self._client, self._users = client, users

    def send(self, target: Target, content: bytes, content_type: str = JSON) -> Response:
        own = auth(self._client, self._users[target.role]) if target.role else {}
        headers = {"Content-Type": content_type, **own}
        return self._client.request(target.method, target.path, content=content, headers=headers)


@pytest.fixture
def sender(client: TestClient, users: dict[Role, User]) -> Sender:
    return Sender(client, users)


def verdict(reply: Response) -> str:
    """Empty for a success or a typed problem."""
    if reply.status_code < 300:
        return ""
    if reply.status_code >= 500 or reply.headers.get("content-type") != PROBLEM or not reply.json().get("code"):
        return f"{reply.status_code} {reply.text[:200]}"
    return ""


def problem_of(reply: Response) -> tuple[int, str]:
    assert reply.headers["content-type"] == PROBLEM
    return reply.status_code, reply.json()["code"]


@pytest.mark.parametrize("value", BAD_VALUES.values(), ids=BAD_VALUES)
def test_bad_members_are_refused_or_harmless(sender: Sender, targets: list[Target], value: bytes) -> None:
    replies = {
        (target.path, body[:80]): sender.send(target, body) for target in targets for body in target.spoiled(value)
    }
    assert {sent: verdict(reply) for sent, reply in replies.items() if verdict(reply)} == {}


BAD_BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "trailing text": b"{} {}",
    "a text": b'"text"',
    "a list": b"[]",
    "null": b"null",
    "a number": b"1",
    "invalid UTF-8": b"\xff\xfe{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a name twice": b'{"email": "a", "email": "b"}',
    "a lone surrogate as a name": rb'{"\ud800": 1}',
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_bad_bodies_are_refused(sender: Sender, targets: list[Target], body: bytes) -> None:
    for target in targets:
        # Without a body a refresh takes the token of the cookie, and here there is none.
        is_cookie = target.path.endswith("/refresh") and body in {b"", b"null"}
        wanted = (401, "unauthenticated") if is_cookie else (422, "invalid_input")
        assert problem_of(sender.send(target, body)) == wanted, target.path


def test_unknown_members_are_refused(sender: Sender, targets: list[Target]) -> None:
    for target in targets:
        reply = sender.send(target, json.dumps({**target.body, "is_admin": True}).encode())
        assert problem_of(reply) == (422, "invalid_input"), target.path


def test_deep_and_large_bodies_are_refused_before_they_are_parsed(sender: Sender, targets: list[Target]) -> None:
    deep, large = b'{"a":' * 100 + b"1" + b"}" * 100, b'{"a": "' + b"x" * 10_000_000 + b'"}'
    for target in targets:
        assert problem_of(sender.send(target, deep)) == (400, "too_deep"), target.path
        assert problem_of(sender.send(target, large)) == (413, "too_large"), target.path


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_other_content_types_are_refused(sender: Sender, targets: list[Target], content_type: str) -> None:
    for target in targets:
        reply = sender.send(target, json.dumps(target.body).encode(), content_type)
        assert problem_of(reply) == (422, "invalid_input"), target.path


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary="]
)
@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\nContent-Disposition: form-data; name=file\r\n\r\n--x--"])
def test_broken_uploads_are_refused(sender: Sender, content_type: str, body: bytes) -> None:
    reply = sender.send(Target("POST", "/api/v1/media", {}, Role.TEACHER), body, content_type)
    assert 400 <= reply.status_code < 500
    assert verdict(reply) == ""


BAD_FORM_VALUES = ["", "NaN", "null", "\x00", "9" * 300, "x" * 100_000, '{"a": NaN}', "[" * 100, "{" * 40_000]


@pytest.mark.parametrize("value", BAD_FORM_VALUES, ids=lambda value: value[:10])
def test_bad_members_of_an_import_are_refused_or_harmless(
    client: TestClient, subject: Subject, users: dict[Role, User], value: str
) -> None:
    headers = auth(client, users[Role.TEACHER])
    form = {"subject_id": str(subject.id)}
    for member in ("subject_id", "format", "namespace", "skill", "publish", "dry_run", "columns", "has_header", "more"):
        files = {"file": ("bank.csv", b"question,answer")}
        reply = client.post("/api/v1/imports", data={**form, member: value}, files=files, headers=headers)
        assert verdict(reply) == "", member


@pytest.mark.parametrize("name", ["", "a\x00b", "../../etc/passwd", "x" * 3000, "\u202e", "CON", "a\r\nb"], ids=ascii)
def test_bad_file_names_are_refused_or_harmless(
    client: TestClient, subject: Subject, users: dict[Role, User], name: str
) -> None:
    form, headers = {"subject_id": str(subject.id)}, auth(client, users[Role.TEACHER])
    reply = client.post("/api/v1/imports", data=form, files={"file": (name, b"question,answer")}, headers=headers)
    assert verdict(reply) == ""


def tokens(user: User) -> Iterator[str]:
    """Forged, expired and misused ones."""
    now = utc_now()
    claims = {"sub": str(user.id), "role": "admin", "ver": 0, "sid": str(new_id()), "jti": "1", "typ": "access"}
    times = {"iat": int(now.timestamp()), "exp": int((now + timedelta(minutes=5)).timestamp())}
    complete = {**claims, **times, "iss": "studium", "aud": "studium-api"}
    yield jwt.encode(complete, "another-secret-another-secret-another", algorithm="HS256")
    yield jwt.encode(complete, SECRET, algorithm="HS512")
    yield jwt.encode({**complete, "exp": times["iat"] - 1}, SECRET, algorithm="HS256")
    for member in ("exp", "iat", "sub", "jti", "iss", "aud", "typ", "role", "ver", "sid"):
        yield jwt.encode({name: value for name, value in complete.items() if name != member}, SECRET, algorithm="HS256")
    for member, value in {"sub": "x", "role": "owner", "ver": "x", "sid": 1, "typ": "refresh", "iss": "me"}.items():
        yield jwt.encode({**complete, member: value}, SECRET, algorithm="HS256")
    yield "eyJhbGciOiJub25lIn0." + jwt.encode(complete, SECRET, algorithm="HS256").split(".")[1] + "."
    yield from ("x", "a.b.c", "....", "null", "a" * 5000)


def test_forged_and_stale_tokens_do_not_log_in(client: TestClient, users: dict[Role, User]) -> None:
    for token in tokens(users[Role.ADMIN]):
        reply = client.get("/api/v1/users/me", headers={"Authorization": f"Bearer {token}"})
        assert problem_of(reply) == (401, "unauthenticated"), token


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "bearer  ", "Token x", "Bearer a b", "\xff"])
def test_other_authorization_headers_do_not_log_in(client: TestClient, header: str) -> None:
    reply = client.get("/api/v1/users/me", headers={"Authorization": header.encode("latin-1")})
    assert problem_of(reply) == (401, "unauthenticated")


def test_an_expired_token_of_ours_does_not_log_in(client: TestClient, users: dict[Role, User]) -> None:
    user = users[Role.STUDENT]
    resources: Resources = client.app.state.resources  # type: ignore[attr-defined]  # Starlette types it as any ASGI app
    claims = AccessClaims(user.id, Role(user.role), user.token_version, new_id())
    old = resources.tokens.issue(claims, utc_now() - timedelta(hours=2))
    reply = client.get("/api/v1/users/me", headers={"Authorization": f"Bearer {old}"})
    assert problem_of(reply) == (401, "unauthenticated")


LISTS = ["questions", "subjects", "users", "jobs", "tags", "audit-events"]
BAD_QUERIES = [
    *({"limit": limit} for limit in ("0", "-1", "101", "9" * 300, "NaN", "1e3", "", "ten")),
    *({"cursor": cursor} for cursor in ("x", "AAAA", "eyJ4IjoxfQ", "9" * 300, "\x00", "ÿ", "a" * 600)),
]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", BAD_QUERIES, ids=str)
def test_bad_limits_and_cursors_are_refused(
    client: TestClient, users: dict[Role, User], name: str, query: dict[str, str]
) -> None:
    reply = client.get(f"/api/v1/{name}", params=query, headers=auth(client, users[Role.ADMIN]))
    assert problem_of(reply) in {(422, "invalid_input"), (400, "invalid_cursor")}


@pytest.mark.parametrize(
    "query",
    [
        {"difficulty_min": "NaN"},
        {"difficulty_max": "inf"},
        {"q": "\x00"},
        {"q": "'\"\\ & | ! ( ) <-> :*"},
        {"tag": "\x00"},
        {"skill_id": "x"},
        {"type": "riddle"},
        {"unknown": "1"},
    ],
    ids=str,
)
def test_bad_filters_are_refused_or_find_nothing(
    client: TestClient, users: dict[Role, User], query: dict[str, str]
) -> None:
    assert verdict(client.get("/api/v1/questions", params=query, headers=auth(client, users[Role.ADMIN]))) == ""


@pytest.mark.parametrize("id_", ["x", "0", "%00", "..%2f..%2fetc", "9" * 300, "nil", "{id}", "%ff"])
def test_bad_ids_in_paths_are_refused(client: TestClient, users: dict[Role, User], id_: str) -> None:
    reply = client.get(f"/api/v1/questions/{id_}", headers=auth(client, users[Role.ADMIN]))
    assert problem_of(reply) in {(422, "invalid_input"), (404, "not_found")}


@pytest.mark.parametrize("key", ["short", "a" * 65])
def test_bad_idempotency_keys_are_refused(
    client: TestClient, subject: Subject, users: dict[Role, User], key: str
) -> None:
    headers = auth(client, users[Role.STUDENT]) | {"Idempotency-Key": key}
    reply = client.post("/api/v1/practice-sessions", json={"subject_id": str(subject.id)}, headers=headers)
    assert problem_of(reply) == (422, "invalid_input")
