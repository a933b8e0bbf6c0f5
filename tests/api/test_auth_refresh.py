from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.api.cookies import CSRF_COOKIE, CSRF_HEADER, REFRESH_COOKIE
from app.api.deps import get_now
from app.core.clock import utc_now
from app.core.resources import Resources
from app.core.security import Tokens, hash_opaque_token, new_opaque_token
from app.domain.audit import AuditAction
from app.domain.enums import UserStatus
from app.models import AuditEvent, RefreshToken, User
from tests.factories.users import PASSWORD, make_user

REFRESH = "/api/v1/auth/refresh"
GRACE = timedelta(seconds=11)
Later = Callable[[timedelta], None]


@pytest.fixture
def user(session: Session) -> User:
    return make_user(session)


def log_in(client: TestClient, user: User) -> str:
    """The refresh token of a new login; the client keeps no cookies."""
    body = client.post("/api/v1/auth/login", json={"email": user.email, "password": PASSWORD}).json()
    client.cookies.clear()
    return str(body["refresh_token"])


def refresh(client: TestClient, token: str) -> Response:
    reply = client.post(REFRESH, json={"refresh_token": token})
    client.cookies.clear()
    return reply


@pytest.fixture
def later(app: FastAPI) -> Iterator[Later]:
    """Moves the clock of the application."""

    def move(by: timedelta) -> None:
        app.dependency_overrides[get_now] = lambda: utc_now() + by

    yield move
    app.dependency_overrides.pop(get_now, None)


def test_a_refresh_gives_the_next_pair(client: TestClient, user: User) -> None:
    first = log_in(client, user)
    reply = refresh(client, first)
    assert reply.status_code == 200
    body = reply.json()
    assert body["refresh_token"] != first
    assert body["user"]["id"] == str(user.id)
    me = client.get("/api/v1/users/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.status_code == 200


def test_only_a_digest_is_stored(client: TestClient, session: Session, user: User) -> None:
    token = log_in(client, user)
    link = session.scalars(select(RefreshToken)).one()
    assert link.token_hash == hash_opaque_token(token)
    assert token not in link.token_hash


def test_two_tabs_may_race(client: TestClient, user: User) -> None:
    first = log_in(client, user)
    one, other = refresh(client, first).json()["refresh_token"], refresh(client, first).json()["refresh_token"]
    assert refresh(client, one).status_code == refresh(client, other).status_code == 200


def test_a_race_leaves_one_chain(client: TestClient, session: Session, user: User) -> None:
    first = log_in(client, user)
    followers = {refresh(client, first).json()["refresh_token"] for _ in range(10)}
    assert len(followers) == 1
    assert len(session.scalars(select(RefreshToken)).all()) == 2


def test_the_next_token_cannot_be_told_without_the_secret(resources: Resources) -> None:
    elsewhere = Tokens("another-secret-of-another-server-0123", resources.settings.auth)
    token = new_opaque_token()
    assert resources.tokens.successor(token) != elsewhere.successor(token)
    assert len({token, hash_opaque_token(token), resources.tokens.successor(token)}) == 3


def test_a_second_use_ends_the_whole_login(later: Later, client: TestClient, session: Session, user: User) -> None:
    stolen, elsewhere = log_in(client, user), log_in(client, user)
    current = refresh(client, stolen).json()["refresh_token"]
    later(GRACE)
    assert refresh(client, stolen).status_code == 401
    assert refresh(client, current).status_code == 401
    assert refresh(client, elsewhere).status_code == 200
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == AuditAction.REFRESH_TOKEN_REUSED)).all()
    assert [event.object_id for event in events] == [str(user.id)]


def test_a_refresh_token_ends_with_its_time(later: Later, client: TestClient, user: User) -> None:
    token = log_in(client, user)
    later(timedelta(days=30, seconds=1))
    assert refresh(client, token).status_code == 401


def test_a_new_login_removes_expired_links(later: Later, client: TestClient, session: Session, user: User) -> None:
    log_in(client, user)
    later(timedelta(days=31))
    log_in(client, user)
    assert len(session.scalars(select(RefreshToken)).all()) == 1


def test_a_suspended_user_cannot_refresh(client: TestClient, session: Session, user: User) -> None:
    token = log_in(client, user)
    session.execute(update(User).values(status=UserStatus.SUSPENDED))
    session.flush()
    assert refresh(client, token).status_code == 401


def test_logout_ends_only_this_login(client: TestClient, user: User) -> None:
    here, elsewhere = log_in(client, user), log_in(client, user)
    body = refresh(client, here).json()
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert client.post("/api/v1/auth/logout", headers=headers).status_code == 204
    assert refresh(client, body["refresh_token"]).status_code == 401
    assert refresh(client, elsewhere).status_code == 200


def test_logout_everywhere_voids_every_token_at_once(client: TestClient, session: Session, user: User) -> None:
    here, elsewhere = log_in(client, user), log_in(client, user)
    mine, other = refresh(client, here).json(), refresh(client, elsewhere).json()
    headers = {"Authorization": f"Bearer {mine['access_token']}"}
    assert client.post("/api/v1/auth/logout-everywhere", headers=headers).status_code == 204
    for body in (mine, other):
        assert refresh(client, body["refresh_token"]).status_code == 401
        old = {"Authorization": f"Bearer {body['access_token']}"}
        assert client.get("/api/v1/users/me", headers=old).status_code == 401
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.actor_id == user.id)).all()
    assert AuditAction.LOGIN_ENDED_EVERYWHERE in actions
    assert refresh(client, log_in(client, user)).status_code == 200


@pytest.mark.parametrize("token", ["x" * 43, "short", "x" * 201, "a b" * 20, "é" * 43, "\x00" * 43, ""])
def test_unknown_and_malformed_tokens_are_refused(client: TestClient, token: str) -> None:
    assert refresh(client, token).status_code in {401, 422}


def test_a_refresh_needs_a_token(client: TestClient) -> None:
    assert client.post(REFRESH).status_code == 401


def test_an_access_token_is_no_refresh_token(client: TestClient, user: User) -> None:
    access = refresh(client, log_in(client, user)).json()["access_token"]
    assert client.post(REFRESH, json={"refresh_token": access}).status_code == 422


def browser(client: TestClient, user: User) -> str:
    """Log a browser in; answers its CSRF value."""
    client.post("/api/v1/auth/login", json={"email": user.email, "password": PASSWORD})
    return str(client.cookies[CSRF_COOKIE])


def test_a_browser_refreshes_by_its_cookie(client: TestClient, user: User) -> None:
    csrf = browser(client, user)
    before = client.cookies[REFRESH_COOKIE]
    assert client.post(REFRESH, headers={CSRF_HEADER: csrf}).status_code == 200
    assert client.cookies[REFRESH_COOKIE] != before
    assert client.get("/api/v1/users/me").status_code == 200


@pytest.mark.parametrize("headers", [{}, {CSRF_HEADER: "0" * 64}, {CSRF_HEADER: "é".encode("latin-1")}])
def test_a_cookie_alone_refreshes_nothing(
    client: TestClient, session: Session, user: User, headers: dict[str, str]
) -> None:
    browser(client, user)
    assert client.post(REFRESH, headers=headers).status_code == 403
    assert session.scalars(select(RefreshToken)).one().used_at is None


def test_the_csrf_value_of_another_login_does_not_fit(client: TestClient, session: Session, user: User) -> None:
    foreign = browser(client, make_user(session))
    client.cookies.clear()
    browser(client, user)
    assert client.post(REFRESH, headers={CSRF_HEADER: foreign}).status_code == 403


def test_a_reused_cookie_is_taken_away(later: Later, client: TestClient, user: User) -> None:
    csrf = browser(client, user)
    old = client.cookies[REFRESH_COOKIE]
    client.post(REFRESH, headers={CSRF_HEADER: csrf})
    client.cookies.set(REFRESH_COOKIE, old, domain="testserver.local", path="/api/v1/auth")
    later(GRACE)
    reply = client.post(REFRESH, headers={CSRF_HEADER: csrf})
    assert reply.status_code == 401
    assert reply.headers["content-type"] == "application/problem+json"
    assert any(line.startswith(f'{REFRESH_COOKIE}=""') for line in reply.headers.get_list("set-cookie"))
