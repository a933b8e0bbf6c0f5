import dataclasses

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.cookies import ACCESS_COOKIE, CSRF_COOKIE, REFRESH_COOKIE
from app.core.config import LimitSettings
from app.domain.audit import AuditAction
from app.domain.enums import Role, UserStatus
from app.models import AuditEvent, RefreshToken, User
from tests.factories.users import PASSWORD, auth, make_user

LOGIN = "/api/v1/auth/login"
REGISTER = "/api/v1/auth/register"
FORM = {"email": "New.Person@Example.org", "name": "New Person", "password": "tidal-moss-41"}


def log_in(client: TestClient, email: str, password: str = PASSWORD, **headers: str) -> Response:
    return client.post(LOGIN, json={"email": email, "password": password}, headers=headers)


def audited(session: Session, action: AuditAction) -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_login_answers_tokens_and_the_user(client: TestClient, session: Session) -> None:
    user = make_user(session, role=Role.TEACHER)
    reply = log_in(client, user.email)
    assert reply.status_code == 200
    body = reply.json()
    assert body["user"]["id"] == str(user.id)
    assert (body["token_type"], body["expires_in"]) == ("bearer", 900)
    client.cookies.clear()
    me = client.get("/api/v1/users/me", headers={"Authorization": f"Bearer {body['access_token']}"}).json()
    assert me["role"] == "teacher"
    assert me["last_login_at"] is not None
    [event] = audited(session, AuditAction.LOGIN_SUCCEEDED)
    assert event.actor_id == user.id
    assert event.request_id == reply.headers["x-request-id"]


def test_login_cookies_are_out_of_reach_of_scripts(client: TestClient, session: Session) -> None:
    reply = log_in(client, make_user(session).email)
    cookies = {line.partition("=")[0]: line for line in reply.headers.get_list("set-cookie")}
    assert set(cookies) == {ACCESS_COOKIE, REFRESH_COOKIE, CSRF_COOKIE}
    assert "HttpOnly" in cookies[ACCESS_COOKIE]
    assert "HttpOnly" in cookies[REFRESH_COOKIE]
    assert "Path=/api/v1/auth;" in cookies[REFRESH_COOKIE]
    assert "HttpOnly" not in cookies[CSRF_COOKIE]
    assert all("SameSite=lax" in line for line in cookies.values())


@pytest.mark.parametrize("spelling", ["ÉLODIE@Example.ORG", "élodie@example.org", "E\u0301lodie@example.org"])
def test_an_address_may_be_spelled_in_any_case(client: TestClient, session: Session, spelling: str) -> None:
    user = make_user(session, email="élodie@example.org")
    assert log_in(client, spelling).json()["user"]["id"] == str(user.id)


def test_unknown_and_known_users_get_the_same_refusal(client: TestClient, session: Session) -> None:
    active = make_user(session)
    suspended = make_user(session, status=UserStatus.SUSPENDED)
    refusals = [log_in(client, email, "wrong password") for email in (active.email, suspended.email, "no@example.org")]
    assert {reply.status_code for reply in refusals} == {401}
    bodies = [{**reply.json(), "request_id": ""} for reply in refusals]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["code"] == "invalid_credentials"
    assert not any("set-cookie" in reply.headers for reply in refusals)


def test_a_wrong_password_is_audited_for_known_and_unknown_users(client: TestClient, session: Session) -> None:
    user = make_user(session)
    log_in(client, user.email, "wrong password")
    log_in(client, "no@example.org", "wrong password")
    assert sorted(event.object_id for event in audited(session, AuditAction.LOGIN_FAILED)) == ["", str(user.id)]


def test_a_suspended_user_with_the_right_password_is_told_so(client: TestClient, session: Session) -> None:
    reply = log_in(client, make_user(session, status=UserStatus.SUSPENDED).email)
    assert (reply.status_code, reply.json()["code"]) == (403, "account_suspended")
    assert session.scalar(select(RefreshToken)) is None


def test_guessing_one_account_is_stopped(client: TestClient, session: Session) -> None:
    user = make_user(session, email="target@example.org")
    replies = [log_in(client, "Target@example.org", f"guess-{number}") for number in range(20)]
    codes = [reply.status_code for reply in replies]
    assert codes[0] == 401
    assert codes[-1] == 429
    assert codes == sorted(codes)
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 300
    assert log_in(client, user.email).status_code == 429
    assert log_in(client, make_user(session).email).status_code == 200


def test_guessing_unknown_accounts_is_stopped_the_same_way(client: TestClient) -> None:
    codes = [log_in(client, "no@example.org", f"guess-{number}").status_code for number in range(20)]
    assert codes == [401] * 10 + [429] * 10


@pytest.fixture
def few_logins(app: FastAPI) -> None:
    """Three a minute from one address."""
    resources = app.state.resources
    settings = resources.settings.model_copy(update={"limits": LimitSettings(login_address="3/minute")})
    app.state.resources = dataclasses.replace(resources, settings=settings)


@pytest.mark.usefixtures("few_logins")
def test_one_address_cannot_try_many_accounts(app: FastAPI, client: TestClient) -> None:
    codes = [log_in(client, f"no-{number}@example.org", "guess").status_code for number in range(5)]
    assert codes == [401] * 3 + [429] * 2
    elsewhere = TestClient(app, client=("198.51.100.7", 1))
    assert log_in(elsewhere, "no@example.org", "guess").status_code == 401


@pytest.mark.usefixtures("few_logins")
def test_a_forwarded_address_is_not_believed_from_anybody(client: TestClient) -> None:
    senders = [{"x-forwarded-for": f"198.51.100.{number}"} for number in range(4)]
    codes = [log_in(client, f"no-{n}@example.org", "guess", **sender).status_code for n, sender in enumerate(senders)]
    assert codes == [401] * 3 + [429]


@pytest.mark.parametrize(
    "body",
    [
        {"email": "a@example.org"},
        {"email": "a@example.org", "password": ""},
        {"email": "a@example.org", "password": "x" * 257},
        {"email": "a@example.org", "password": None},
        {"email": "a@example.org", "password": ["x"]},
        {"email": "a@example.org", "password": "x\x00y"},
        {"email": "a\x00@example.org", "password": "x"},
        {"email": "no address", "password": "x"},
        {"email": "a@b\r\nBcc: c@d", "password": "x"},
        {"email": f"{'a' * 250}@example.org", "password": "x"},
        {"email": {"$ne": ""}, "password": "x"},
        {"email": "a@example.org", "password": "x", "remember": True},
        [],
        "text",
        None,
    ],
)
def test_malformed_logins_are_refused(client: TestClient, body: object) -> None:
    reply = client.post(LOGIN, json=body)
    assert reply.status_code == 422
    assert "x\x00y" not in reply.text


@pytest.mark.parametrize("member", ["email", "password"])
def test_lone_surrogates_are_refused(client: TestClient, member: str) -> None:
    form = {"email": "a@example.org", "password": "x", member: "\\ud800@example.org"}
    raw = "{" + ",".join(f'"{name}":"{value}"' for name, value in form.items()) + "}"
    reply = client.post(LOGIN, content=raw, headers={"content-type": "application/json"})
    assert reply.status_code == 422


def test_huge_and_deep_bodies_never_reach_the_parser(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    assert client.post(LOGIN, content=b"[" * 10_000_000, headers=headers).status_code == 413
    assert client.post(LOGIN, content=b"[" * 10_000, headers=headers).status_code == 400


def test_register_opens_a_student_account_and_logs_in(client: TestClient, session: Session) -> None:
    reply = client.post(REGISTER, json=FORM)
    assert reply.status_code == 201
    body = reply.json()["user"]
    assert (body["email"], body["role"], body["status"]) == ("new.person@example.org", "student", "active")
    assert client.get("/api/v1/users/me").json()["id"] == body["id"]
    client.cookies.clear()
    assert log_in(client, FORM["email"], FORM["password"]).status_code == 200
    stored = session.scalars(select(User).where(User.email == "new.person@example.org")).one()
    assert stored.password_hash.startswith("$argon2id$")
    assert [event.object_id for event in audited(session, AuditAction.USER_REGISTERED)] == [body["id"]]


def test_register_takes_no_role(client: TestClient, session: Session) -> None:
    for extra in ({"role": "admin"}, {"status": "active"}, {"token_version": 9}, {"id": str(make_user(session).id)}):
        assert client.post(REGISTER, json={**FORM, **extra}).status_code == 422
    assert session.scalar(select(User).where(User.email == "new.person@example.org")) is None


def test_an_address_can_be_registered_once(client: TestClient, session: Session) -> None:
    make_user(session, email="new.person@example.org")
    reply = client.post(REGISTER, json=FORM)
    assert (reply.status_code, reply.json()["code"]) == (409, "email_taken")
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("password", ["short-1", "password123", "new.person!!", "x" * 129])
def test_register_refuses_weak_passwords(client: TestClient, password: str) -> None:
    reply = client.post(REGISTER, json={**FORM, "password": password})
    assert (reply.status_code, reply.json()["code"]) == (422, "weak_password")


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "a\nb", "a\x00b"])
def test_register_refuses_bad_names(client: TestClient, name: str) -> None:
    assert client.post(REGISTER, json={**FORM, "name": name}).status_code == 422


def test_registrations_of_one_address_are_limited(client: TestClient) -> None:
    codes = [client.post(REGISTER, json={**FORM, "password": "weak"}).status_code for _ in range(31)]
    assert codes == [422] * 30 + [429]


def test_a_logged_in_user_is_not_logged_in_twice_by_a_header_and_a_cookie(client: TestClient, session: Session) -> None:
    first, second = make_user(session), make_user(session)
    log_in(client, first.email)
    assert client.get("/api/v1/users/me", headers=auth(client, second)).json()["id"] == str(second.id)
