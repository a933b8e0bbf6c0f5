from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from jose import jwt
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from app.domain.enums import Role, UserStatus
from app.models import User
from app.utils.ids import new_id
from tests.conftest import SECRET
from tests.factories.users import auth, make_user

ME = "/api/v1/users/me"


@pytest.fixture
def user(session: Session) -> User:
    return make_user(session, name="Ada", email="ada@example.org")


@pytest.fixture
def statements(connection: Connection) -> Iterator[list[str]]:
    """Every SQL statement that is sent, without the savepoints of the test itself."""
    sent: list[str] = []

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            sent.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def test_me_has_exactly_these_members(client: TestClient, user: User) -> None:
    body = client.get(ME, headers=auth(client, user)).json()
    created = body.pop("created_at")
    assert datetime.fromisoformat(created).tzinfo is not None
    assert body == {
        "id": str(user.id),
        "email": "ada@example.org",
        "name": "Ada",
        "role": "student",
        "status": "active",
        "locale": "en",
        "preferences": {"target_success": None, "daily_goal": None, "theme": None, "text_scale": None},
        "last_login_at": None,
        "must_change_password": False,
        "extra_time": 0.0,
    }


def test_me_costs_two_queries(client: TestClient, user: User, statements: list[str]) -> None:
    headers = auth(client, user)
    statements.clear()
    assert client.get(ME, headers=headers).status_code == 200
    assert len(statements) == 2


def test_only_what_is_sent_changes(client: TestClient, user: User) -> None:
    headers = auth(client, user)

    def change(**body: object) -> dict[str, object]:
        reply = client.patch(ME, json=body, headers=headers)
        assert reply.status_code == 200
        return dict(reply.json())

    assert change(preferences={"target_success": 0.8, "theme": "dark"})["name"] == "Ada"
    assert change(name="  Ada Lovelace ", locale="de-AT")["name"] == "Ada Lovelace"
    body = change(preferences={"theme": None, "daily_goal": 20}, name=None)
    assert body["name"] == "Ada Lovelace"
    assert body["locale"] == "de-AT"
    assert body["preferences"] == {"target_success": 0.8, "daily_goal": 20, "theme": None, "text_scale": None}
    assert client.get(ME, headers=headers).json() == body


@pytest.mark.parametrize(
    "body",
    [
        {"role": "admin"},
        {"status": "active"},
        {"email": "other@example.org"},
        {"token_version": 0},
        {"password_hash": "x"},
        {"name": ""},
        {"name": " "},
        {"name": "x" * 121},
        {"name": "a\x00b"},
        {"name": 7},
        {"locale": "english please"},
        {"locale": "../../etc"},
        {"preferences": {"target_success": 0.59}},
        {"preferences": {"target_success": 0.91}},
        {"preferences": {"target_success": "0.8"}},
        {"preferences": {"target_success": True}},
        {"preferences": {"daily_goal": 1.5}},
        {"preferences": {"daily_goal": 0}},
        {"preferences": {"theme": "pink"}},
        {"preferences": {"is_admin": True}},
        {"preferences": []},
    ],
)
def test_nothing_else_can_be_changed(client: TestClient, session: Session, user: User, body: object) -> None:
    assert client.patch(ME, json=body, headers=auth(client, user)).status_code == 422
    session.refresh(user)
    assert (user.role, user.name, user.locale, user.preferences) == ("student", "Ada", "en", {})


@pytest.mark.parametrize("raw", ['{"preferences":{"target_success":NaN}}', '{"name":"\\ud800"}', '{"\\ud800":1}', "{"])
def test_text_that_is_no_proper_json_is_refused(client: TestClient, user: User, raw: str) -> None:
    headers = {**auth(client, user), "content-type": "application/json"}
    assert client.patch(ME, content=raw, headers=headers).status_code == 422


def test_no_token_no_user(client: TestClient) -> None:
    reply = client.get(ME)
    assert (reply.status_code, reply.json()["code"]) == (401, "unauthenticated")
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic YTpi", "bearer a.b.c", "Bearer \xe9", "x" * 5000])
def test_bad_authorization_headers_are_refused(client: TestClient, header: str) -> None:
    assert client.get(ME, headers={b"Authorization": header.encode("latin-1")}).status_code == 401


def claims_of(user: User, **changes: object) -> dict[str, object]:
    now = datetime.now(UTC)
    complete = {
        "sub": str(user.id),
        "role": user.role,
        "ver": user.token_version,
        "sid": str(new_id()),
        "jti": str(new_id()),
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=5)).timestamp()),
        "iss": "studium",
        "aud": "studium-api",
        "typ": "access",
        **changes,
    }
    return {name: value for name, value in complete.items() if value is not None}


def ask_with(client: TestClient, claims: dict[str, object], secret: str = SECRET, algorithm: str = "HS256") -> int:
    token = jwt.encode(claims, secret, algorithm=algorithm)
    return client.get(ME, headers={"Authorization": f"Bearer {token}"}).status_code


def test_forged_tokens_open_nothing(client: TestClient, user: User) -> None:
    assert ask_with(client, claims_of(user)) == 200
    assert ask_with(client, claims_of(user), secret="another-secret-0123456789-abcdefghijkl") == 401
    assert ask_with(client, claims_of(user), algorithm="HS512") == 401
    assert ask_with(client, claims_of(user, exp=None)) == 401
    assert ask_with(client, claims_of(user, exp=1)) == 401
    assert ask_with(client, claims_of(user, typ="refresh")) == 401
    assert ask_with(client, claims_of(user, sub=str(new_id()))) == 401
    assert ask_with(client, claims_of(user, ver=1)) == 401


def test_the_role_of_a_token_gives_no_rights(client: TestClient, user: User) -> None:
    token = jwt.encode(claims_of(user, role="admin"), SECRET, algorithm="HS256")
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/users", headers=headers).status_code == 403


def test_a_suspension_cuts_a_live_token(client: TestClient, session: Session, user: User) -> None:
    headers = auth(client, user)
    admin = auth(client, make_user(session, role=Role.ADMIN))
    assert client.get(ME, headers=headers).status_code == 200
    reply = client.post(f"/api/v1/users/{user.id}/suspend", headers=admin)
    assert reply.json()["status"] == UserStatus.SUSPENDED
    assert client.get(ME, headers=headers).status_code == 401
    assert client.post(f"/api/v1/users/{user.id}/activate", headers=admin).json()["status"] == "active"
    assert client.get(ME, headers=headers).status_code == 401
