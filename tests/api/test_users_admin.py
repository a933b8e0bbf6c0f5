from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import AuditAction
from app.domain.enums import Role, UserStatus
from app.models import AuditEvent, User
from app.utils.ids import new_id
from tests.factories.users import PASSWORD, auth, make_user

USERS = "/api/v1/users"
FORM = {"email": "New@Example.org", "name": "New", "role": "teacher", "password": "tidal-moss-lantern-41"}


@pytest.fixture
def admin(session: Session) -> User:
    return make_user(session, role=Role.ADMIN)


@pytest.fixture
def headers(client: TestClient, admin: User) -> dict[str, str]:
    return auth(client, admin)


def actions_on(session: Session, user: User) -> list[str]:
    statement = select(AuditEvent.action).where(AuditEvent.object_id == str(user.id)).order_by(AuditEvent.id)
    return list(session.scalars(statement))


def listed(client: TestClient, headers: dict[str, str], **query: str) -> list[str]:
    reply = client.get(USERS, params=query, headers=headers)
    assert reply.status_code == 200
    return [item["id"] for item in reply.json()["items"]]


Call = Callable[[TestClient, str, dict[str, str]], Response]
CALLS: dict[str, Call] = {
    "list": lambda client, _, headers: client.get(USERS, headers=headers),
    "create": lambda client, _, headers: client.post(USERS, json=FORM, headers=headers),
    "read": lambda client, path, headers: client.get(path, headers=headers),
    "update": lambda client, path, headers: client.patch(path, json={"role": "admin"}, headers=headers),
    "suspend": lambda client, path, headers: client.post(f"{path}/suspend", headers=headers),
    "activate": lambda client, path, headers: client.post(f"{path}/activate", headers=headers),
    "password": lambda client, path, headers: client.put(f"{path}/password", json={"password": "x"}, headers=headers),
    "audit": lambda client, _, headers: client.get("/api/v1/audit-events", headers=headers),
}


@pytest.mark.parametrize("name", CALLS)
def test_only_admins_administer(client: TestClient, session: Session, name: str) -> None:
    other = make_user(session)
    for role in (Role.STUDENT, Role.TEACHER):
        reply = CALLS[name](client, f"{USERS}/{other.id}", auth(client, make_user(session, role=role)))
        assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")
    assert CALLS[name](client, f"{USERS}/{other.id}", {}).status_code == 401
    session.refresh(other)
    assert (other.role, other.status) == (Role.STUDENT, UserStatus.ACTIVE)


def test_unknown_users_are_not_found(client: TestClient, headers: dict[str, str]) -> None:
    path = f"{USERS}/{new_id()}"
    form = {"password": "tidal-moss-lantern-41"}
    assert client.get(path, headers=headers).status_code == 404
    assert client.patch(path, json={"name": "x"}, headers=headers).status_code == 404
    assert client.post(f"{path}/suspend", headers=headers).status_code == 404
    assert client.post(f"{path}/activate", headers=headers).status_code == 404
    assert client.put(f"{path}/password", json=form, headers=headers).status_code == 404


def test_the_list_is_paged_without_gaps(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    students = [str(make_user(session).id) for _ in range(5)]
    seen: list[str] = []
    query = {"role": "student", "limit": "2"}
    while True:
        page = client.get(USERS, params=query, headers=headers).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == students[::-1]


def test_the_list_is_filtered(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    teacher = str(make_user(session, role=Role.TEACHER, name="Émile 100%_x").id)
    suspended = str(make_user(session, status=UserStatus.SUSPENDED, email="gone@example.net").id)
    assert listed(client, headers, role="teacher") == [teacher]
    assert listed(client, headers, status="suspended") == [suspended]
    assert listed(client, headers, text="GONE@Example.NET") == [suspended]
    assert listed(client, headers, text="100%_x") == [teacher]
    assert listed(client, headers, text="1%x") == []
    assert listed(client, headers, text="' OR 1=1 --") == []


@pytest.mark.parametrize(
    "query",
    [{"role": "root"}, {"status": "x"}, {"limit": "0"}, {"limit": "101"}, {"cursor": "x"}, {"text": "x" * 121}],
)
def test_bad_queries_are_refused(client: TestClient, headers: dict[str, str], query: dict[str, str]) -> None:
    assert client.get(USERS, params=query, headers=headers).status_code == 422


def test_nul_in_a_query_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get(f"{USERS}?text=a%00b", headers=headers).status_code == 422


def test_an_admin_opens_accounts(client: TestClient, session: Session, admin: User, headers: dict[str, str]) -> None:
    reply = client.post(USERS, json=FORM, headers=headers)
    assert reply.status_code == 201
    assert (reply.json()["email"], reply.json()["role"]) == ("new@example.org", "teacher")
    created = session.scalars(select(User).where(User.email == "new@example.org")).one()
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.object_id == str(created.id)))
    assert (event.actor_id, event.action) == (admin.id, AuditAction.USER_CREATED)
    assert event.details == {"role": "teacher"}
    form = {"email": FORM["email"], "password": FORM["password"]}
    assert client.post("/api/v1/auth/login", json=form).status_code == 200


def test_a_resent_creation_creates_nothing(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    keyed = {**headers, "Idempotency-Key": "key-00000001"}
    first = client.post(USERS, json=FORM, headers=keyed)
    assert client.post(USERS, json=FORM, headers=keyed).json() == first.json()
    assert client.post(USERS, json={**FORM, "name": "Other"}, headers=keyed).json()["code"] == "idempotency_key_reused"
    assert client.post(USERS, json=FORM, headers=headers).json()["code"] == "email_taken"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "tidal-moss-41"}, "weak_password"),
        ({"password": "password1234567"}, "weak_password"),
        ({"role": "root"}, "invalid_input"),
        ({"status": "suspended"}, "invalid_input"),
        ({"email": "x"}, "invalid_input"),
    ],
)
def test_bad_accounts_are_refused(
    client: TestClient, headers: dict[str, str], changes: dict[str, str], code: str
) -> None:
    reply = client.post(USERS, json={**FORM, **changes}, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (422, code)


def test_a_new_role_acts_at_once(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    user = make_user(session)
    old = auth(client, user)
    reply = client.patch(f"{USERS}/{user.id}", json={"role": "admin", "name": "Chief"}, headers=headers)
    assert (reply.json()["role"], reply.json()["name"]) == ("admin", "Chief")
    assert client.get(USERS, headers=old).status_code == 401
    session.refresh(user)
    assert client.get(USERS, headers=auth(client, user)).status_code == 200
    assert actions_on(session, user) == [AuditAction.USER_UPDATED, AuditAction.USER_ROLE_CHANGED]


def test_an_update_without_a_change_leaves_no_trace(
    client: TestClient, session: Session, headers: dict[str, str]
) -> None:
    user = make_user(session)
    body = {"role": user.role, "name": user.name}
    assert client.patch(f"{USERS}/{user.id}", json=body, headers=headers).status_code == 200
    assert client.patch(f"{USERS}/{user.id}", json={}, headers=headers).status_code == 200
    assert actions_on(session, user) == []


def test_the_last_active_admin_stays(
    client: TestClient, session: Session, admin: User, headers: dict[str, str]
) -> None:
    make_user(session, role=Role.ADMIN, status=UserStatus.SUSPENDED)
    path = f"{USERS}/{admin.id}"
    reply = client.patch(path, json={"role": "teacher"}, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (409, "last_admin")
    make_user(session, role=Role.ADMIN)
    assert client.patch(path, json={"role": "teacher"}, headers=headers).status_code == 200


def test_a_suspended_admin_can_be_demoted(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    other = make_user(session, role=Role.ADMIN, status=UserStatus.SUSPENDED)
    reply = client.patch(f"{USERS}/{other.id}", json={"role": "student"}, headers=headers)
    assert reply.json()["role"] == "student"


def test_nobody_suspends_themselves(client: TestClient, session: Session, admin: User, headers: dict[str, str]) -> None:
    make_user(session, role=Role.ADMIN)
    reply = client.post(f"{USERS}/{admin.id}/suspend", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (409, "own_account")


def test_suspending_twice_is_one_act(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    user = make_user(session)
    for _ in range(2):
        assert client.post(f"{USERS}/{user.id}/suspend", headers=headers).status_code == 200
    for _ in range(2):
        assert client.post(f"{USERS}/{user.id}/activate", headers=headers).status_code == 200
    assert actions_on(session, user) == [AuditAction.USER_SUSPENDED, AuditAction.USER_ACTIVATED]


def test_a_temporary_password_ends_all_logins(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    user = make_user(session)
    old = auth(client, user)
    form = {"email": user.email, "password": PASSWORD}
    refresh_token = client.post("/api/v1/auth/login", json=form).json()["refresh_token"]
    client.cookies.clear()
    reply = client.put(f"{USERS}/{user.id}/password", json={"password": "tidal-moss-41"}, headers=headers)
    assert reply.status_code == 204
    assert client.get(f"{USERS}/me", headers=old).status_code == 401
    assert client.post("/api/v1/auth/refresh", json={"refresh_token": refresh_token}).status_code == 401
    assert client.post("/api/v1/auth/login", json=form).status_code == 401
    assert client.post("/api/v1/auth/login", json={**form, "password": "tidal-moss-41"}).status_code == 200
    assert AuditAction.PASSWORD_SET_BY_ADMIN in actions_on(session, user)


def test_an_admin_cannot_set_the_own_password_without_the_old_one(
    client: TestClient, admin: User, headers: dict[str, str]
) -> None:
    form = {"password": "tidal-moss-lantern-41"}
    reply = client.put(f"{USERS}/{admin.id}/password", json=form, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (409, "own_account")


def test_a_temporary_password_obeys_the_rules_of_the_role(
    client: TestClient, session: Session, headers: dict[str, str]
) -> None:
    teacher = make_user(session, role=Role.TEACHER)
    reply = client.put(f"{USERS}/{teacher.id}/password", json={"password": "tidal-moss-41"}, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (422, "weak_password")


def test_a_temporary_password_is_good_for_choosing_another(
    client: TestClient, session: Session, headers: dict[str, str]
) -> None:
    user = make_user(session)
    temporary, own = "tidal-moss-41", "basalt-heron-77"
    client.put(f"{USERS}/{user.id}/password", json={"password": temporary}, headers=headers)
    login = client.post("/api/v1/auth/login", json={"email": user.email, "password": temporary}).json()
    client.cookies.clear()
    bearer = {"Authorization": f"Bearer {login['access_token']}"}
    assert login["user"]["must_change_password"]
    for path in ("/api/v1/subjects", "/api/v1/practice-sessions", "/api/v1/auth/sessions"):
        refused = client.get(path, headers=bearer)
        assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
    assert client.get("/api/v1/users/me", headers=bearer).status_code == 200
    form = {"old_password": temporary, "new_password": own}
    changed = client.put("/api/v1/auth/password", json=form, headers=bearer).json()
    client.cookies.clear()
    assert not changed["user"]["must_change_password"]
    fresh = {"Authorization": f"Bearer {changed['access_token']}"}
    assert client.get("/api/v1/subjects", headers=fresh).status_code == 200


@pytest.mark.parametrize("again", ["tidal-moss-４１", "tidal-moss-41"])
def test_a_temporary_password_is_not_kept(
    client: TestClient, session: Session, headers: dict[str, str], again: str
) -> None:
    user, temporary = make_user(session), "tidal-moss-41"
    client.put(f"{USERS}/{user.id}/password", json={"password": temporary}, headers=headers)
    login = client.post("/api/v1/auth/login", json={"email": user.email, "password": temporary}).json()
    client.cookies.clear()
    form = {"old_password": temporary, "new_password": again}
    bearer = {"Authorization": f"Bearer {login['access_token']}"}
    refused = client.put("/api/v1/auth/password", json=form, headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (422, "same_password")
    assert client.get("/api/v1/users/me", headers=bearer).json()["must_change_password"]


@pytest.mark.parametrize("path", [USERS, f"{USERS}/batch"])
def test_the_first_password_of_an_account_is_a_temporary_one(
    client: TestClient, session: Session, headers: dict[str, str], path: str
) -> None:
    form = {"email": "first@example.org", "name": "First", "password": "basalt-heron-lantern-77"}
    body = {"users": [form]} if path.endswith("batch") else form
    assert client.post(path, json=body, headers=headers).status_code == 201
    assert session.scalars(select(User).where(User.email == form["email"])).one().must_change_password
    login = client.post("/api/v1/auth/login", json={"email": form["email"], "password": form["password"]}).json()
    client.cookies.clear()
    refused = client.get("/api/v1/subjects", headers={"Authorization": f"Bearer {login['access_token']}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
