import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.api.cookies import CSRF_COOKIE, CSRF_HEADER
from app.models import User
from app.utils.ids import new_id
from tests.factories.questions import make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import PASSWORD, auth, make_user

SESSIONS = "/api/v1/auth/sessions"
PASSWORDS = "/api/v1/auth/password"
NEW_PASSWORD = "tidal-moss-41"


@pytest.fixture
def user(session: Session) -> User:
    return make_user(session)


def log_in(client: TestClient, user: User, agent: str = "test", password: str = PASSWORD) -> dict[str, str]:
    """The tokens of a new login; the client keeps no cookies."""
    form = {"email": user.email, "password": password}
    body = client.post("/api/v1/auth/login", json=form, headers={"user-agent": agent}).json()
    client.cookies.clear()
    return {"access": body.get("access_token", ""), "refresh": body.get("refresh_token", "")}


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access']}"}


def refreshes(client: TestClient, tokens: dict[str, str]) -> bool:
    reply = client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh"]})
    client.cookies.clear()
    return reply.status_code == 200


def test_a_user_sees_where_they_are_logged_in(client: TestClient, session: Session, user: User) -> None:
    log_in(client, make_user(session), "somebody else")
    log_in(client, user, "Phone\tNo. 1 " + "x" * 400)
    here = log_in(client, user, "Laptop")
    refreshes(client, here)
    items = client.get(SESSIONS, headers=bearer(here)).json()["items"]
    assert [item["is_current"] for item in items] == [True, False]
    assert items[0]["last_used_at"] > items[0]["created_at"]
    assert items[1]["user_agent"].startswith("Phone No. 1 xxx")
    assert len(items[1]["user_agent"]) == 300
    assert items[1]["address"] == "testclient"


def test_one_login_can_be_ended_from_another(client: TestClient, user: User) -> None:
    here, lost = log_in(client, user), log_in(client, user)
    items = client.get(SESSIONS, headers=bearer(here)).json()["items"]
    [other] = [item["id"] for item in items if not item["is_current"]]
    assert client.delete(f"{SESSIONS}/{other}", headers=bearer(here)).status_code == 204
    assert not refreshes(client, lost)
    assert refreshes(client, here)
    assert client.delete(f"{SESSIONS}/{other}", headers=bearer(here)).status_code == 404


def test_a_login_of_somebody_else_is_not_found(client: TestClient, session: Session, user: User) -> None:
    tokens = log_in(client, user)
    [item] = client.get(SESSIONS, headers=bearer(tokens)).json()["items"]
    stranger = auth(client, make_user(session))
    assert client.delete(f"{SESSIONS}/{item['id']}", headers=stranger).status_code == 404
    assert client.delete(f"{SESSIONS}/{new_id()}", headers=stranger).status_code == 404
    assert refreshes(client, tokens)


def change(client: TestClient, tokens: dict[str, str], old: str, new: str) -> tuple[int, dict[str, str]]:
    reply = client.put(PASSWORDS, json={"old_password": old, "new_password": new}, headers=bearer(tokens))
    client.cookies.clear()
    return reply.status_code, reply.json()


def test_a_new_password_ends_the_other_logins(client: TestClient, user: User) -> None:
    here, elsewhere = log_in(client, user), log_in(client, user)
    status, body = change(client, here, PASSWORD, NEW_PASSWORD)
    assert status == 200
    assert not refreshes(client, elsewhere)
    for old in (here, elsewhere):
        assert client.get("/api/v1/users/me", headers=bearer(old)).status_code == 401
    current = {"access": body["access_token"], "refresh": body["refresh_token"]}
    assert client.get("/api/v1/users/me", headers=bearer(current)).status_code == 200
    assert refreshes(client, current)
    assert log_in(client, user, password=PASSWORD)["access"] == ""
    assert log_in(client, user, password=NEW_PASSWORD)["access"] != ""


def test_the_old_password_is_needed(client: TestClient, user: User) -> None:
    tokens = log_in(client, user)
    status, body = change(client, tokens, "wrong password", NEW_PASSWORD)
    assert (status, body["code"]) == (403, "wrong_password")
    assert log_in(client, user)["access"] != ""


def test_guessing_the_old_password_is_stopped(client: TestClient, user: User) -> None:
    tokens = log_in(client, user)
    codes = [change(client, tokens, f"guess-{number}", NEW_PASSWORD)[0] for number in range(12)]
    assert codes == [403] * 10 + [429] * 2


def test_the_new_password_must_be_good(client: TestClient, user: User) -> None:
    status, body = change(client, log_in(client, user), PASSWORD, "password123")
    assert (status, body["code"]) == (422, "weak_password")


def test_a_browser_needs_its_csrf_value_for_every_change(client: TestClient, user: User) -> None:
    client.post("/api/v1/auth/login", json={"email": user.email, "password": PASSWORD})
    csrf = {CSRF_HEADER: client.cookies[CSRF_COOKIE]}
    form = {"name": "Changed"}
    assert client.get("/api/v1/users/me").status_code == 200
    assert client.patch("/api/v1/users/me", json=form).status_code == 403
    assert client.patch("/api/v1/users/me", json=form, headers={CSRF_HEADER: "0" * 64}).status_code == 403
    foreign = {**csrf, "origin": "https://evil.example"}
    assert client.patch("/api/v1/users/me", json=form, headers=foreign).status_code == 403
    assert client.patch("/api/v1/users/me", json=form, headers={**csrf, "origin": "null"}).status_code == 403
    assert client.patch("/api/v1/users/me", json=form, headers=csrf).status_code == 200
    same = {**csrf, "origin": "http://testserver"}
    assert client.patch("/api/v1/users/me", json=form, headers=same).status_code == 200


@pytest.mark.parametrize(
    "path", ["login", "register", "refresh", "logout", "password-resets", "password-resets/confirm"]
)
def test_other_sites_cannot_log_anybody_in_or_out(client: TestClient, path: str) -> None:
    reply = client.post(f"/api/v1/auth/{path}", json={}, headers={"origin": "https://evil.example"})
    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")


def test_logout_takes_the_cookies_away(client: TestClient, user: User) -> None:
    client.post("/api/v1/auth/login", json={"email": user.email, "password": PASSWORD})
    headers = {CSRF_HEADER: client.cookies[CSRF_COOKIE]}
    assert client.post("/api/v1/auth/logout", headers=headers).status_code == 204
    assert not client.cookies


def test_an_ended_login_ends_with_its_access_token(client: TestClient, session: Session, user: User) -> None:
    here, lost = log_in(client, user), log_in(client, user)
    subject = make_subject(session)
    make_questions(session, subject, 3, [make_skill(session, subject)])
    session.commit()
    started = client.post(
        "/api/v1/practice-sessions", json={"subject_id": str(subject.id)}, headers=bearer(lost)
    ).json()
    items = client.get(SESSIONS, headers=bearer(here)).json()["items"]
    [other] = [item["id"] for item in items if not item["is_current"]]
    client.delete(f"{SESSIONS}/{other}", headers=bearer(here))
    step = {"assignment_id": started["current"]["assignment_id"], "client_key": "too-late-now", "reason": "not_now"}
    hot_path = f"/api/v1/practice-sessions/{started['id']}/skips"
    late = [
        client.get("/api/v1/users/me", headers=bearer(lost)),
        client.post(hot_path, json=step, headers=bearer(lost)),
    ]
    assert [(reply.status_code, reply.json()["code"]) for reply in late] == [(401, "unauthenticated")] * 2
    assert client.post(hot_path, json=step, headers=bearer(here)).status_code == 201


def test_logging_out_ends_the_access_token(client: TestClient, user: User) -> None:
    here, other = log_in(client, user), log_in(client, user)
    assert client.post("/api/v1/auth/logout", headers=bearer(here)).status_code == 204
    assert client.get("/api/v1/users/me", headers=bearer(here)).status_code == 401
    assert client.get("/api/v1/users/me", headers=bearer(other)).status_code == 200
