"""One-time codes beside the password of teachers and administrators."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api.deps import get_now
from app.core.clock import utc_now
from app.core.second_factor import SecretBox, matching_step
from app.domain.enums import Role
from app.models import AuditEvent, SecondFactor, User
from tests.factories.users import PASSWORD, auth, make_user

PATH = "/api/v1/auth/second-factor"


class Clock:
    def __init__(self) -> None:
        self.now = utc_now()

    def code(self, secret: str) -> str:
        return pyotp.TOTP(secret).at(self.now)


@pytest.fixture
def clock(app: FastAPI) -> Iterator[Clock]:
    clock = Clock()
    app.dependency_overrides[get_now] = lambda: clock.now
    yield clock
    app.dependency_overrides.pop(get_now)


@pytest.fixture
def teacher(session: Session) -> User:
    user = make_user(session, role=Role.TEACHER)
    session.commit()
    return user


def log_in(client: TestClient, user: User, code: str | None = None) -> tuple[int, Any]:
    form = {"email": user.email, "password": PASSWORD, "code": code}
    reply = client.post("/api/v1/auth/login", json={name: value for name, value in form.items() if value})
    client.cookies.clear()
    return reply.status_code, reply.json().get("code")


def enable(client: TestClient, user: User, clock: Clock) -> tuple[str, list[str]]:
    """The secret and the recovery codes; the code of this moment is used up."""
    headers = auth(client, user)
    begun = client.post(PATH, json={"password": PASSWORD}, headers=headers).json()
    confirmed = client.post(f"{PATH}/confirm", json={"code": clock.code(begun["secret"])}, headers=headers)
    assert confirmed.status_code == 200, confirmed.text
    return begun["secret"], confirmed.json()["recovery_codes"]


def test_the_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for at, code in ((59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")):
        now = datetime.fromtimestamp(at, UTC)
        assert matching_step(secret, code, now, after=0) == at // 30
        assert matching_step(secret, code, now + timedelta(seconds=29), after=0) == at // 30
        assert matching_step(secret, code, now, after=at // 30) is None
        assert matching_step(secret, code, now + timedelta(minutes=2), after=0) is None


def test_a_sealed_secret_opens_only_under_its_own_key() -> None:
    sealed = SecretBox("one secret of an installation").seal("ABC")
    assert "ABC" not in sealed
    assert SecretBox("one secret of an installation").open(sealed) == "ABC"
    with pytest.raises(ValueError, match="another"):
        SecretBox("the secret of another one").open(sealed)


def test_a_login_takes_the_code_once_it_is_in_force(
    client: TestClient, teacher: User, session: Session, clock: Clock
) -> None:
    headers = auth(client, teacher)
    begun = client.post(PATH, json={"password": PASSWORD}, headers=headers).json()
    assert begun["uri"].startswith("otpauth://totp/Studium:")
    assert log_in(client, teacher) == (200, None)
    wrong = client.post(f"{PATH}/confirm", json={"code": "000000"}, headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_code")
    secret, recovery = enable(client, teacher, clock)
    stored = session.get(SecondFactor, teacher.id)
    assert stored is not None
    assert secret not in stored.sealed_secret
    assert len(set(recovery)) == 10
    assert log_in(client, teacher) == (401, "second_factor_required")
    clock.now += timedelta(minutes=1)
    assert log_in(client, teacher, clock.code(secret)) == (200, None)
    state = client.get(PATH, headers=headers).json()
    assert (state["is_enabled"], state["recovery_codes_left"]) == (True, 10)


def test_a_code_is_good_once(client: TestClient, teacher: User, session: Session, clock: Clock) -> None:
    secret, _ = enable(client, teacher, clock)
    assert log_in(client, teacher, clock.code(secret)) == (422, "wrong_code")
    clock.now += timedelta(seconds=30)
    code = clock.code(secret)
    assert log_in(client, teacher, code) == (200, None)
    assert log_in(client, teacher, code) == (422, "wrong_code")
    failed = select(AuditEvent.actor_id).where(AuditEvent.action == "second_factor.failed")
    assert session.scalars(failed).all() == [teacher.id, teacher.id]


def test_a_recovery_code_is_good_once(client: TestClient, teacher: User, clock: Clock) -> None:
    _, recovery = enable(client, teacher, clock)
    assert log_in(client, teacher, recovery[3].upper()) == (200, None)
    assert log_in(client, teacher, recovery[3]) == (422, "wrong_code")
    assert client.get(PATH, headers=auth(client, teacher)).json()["recovery_codes_left"] == 9


def test_guessing_codes_is_slowed_down(client: TestClient, teacher: User, clock: Clock) -> None:
    enable(client, teacher, clock)
    replies = [log_in(client, teacher, f"{number:06}") for number in range(12)]
    assert replies[-1] == (429, "rate_limited")
    headers = auth(client, teacher)
    client.post(PATH, json={"password": PASSWORD}, headers=headers)
    tries = [client.post(f"{PATH}/confirm", json={"code": f"{n:06}"}, headers=headers).status_code for n in range(12)]
    assert tries[-1] == 429


def test_disabling_takes_password_and_code(client: TestClient, teacher: User, clock: Clock) -> None:
    secret, _ = enable(client, teacher, clock)
    clock.now += timedelta(minutes=1)
    headers, code = auth(client, teacher), clock.code(secret)
    wrong = client.post(f"{PATH}/disable", json={"password": "not mine", "code": code}, headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    assert (
        client.post(f"{PATH}/disable", json={"password": PASSWORD, "code": "000000"}, headers=headers).status_code
        == 422
    )
    assert client.post(f"{PATH}/disable", json={"password": PASSWORD, "code": code}, headers=headers).status_code == 204
    assert log_in(client, teacher) == (200, None)


def test_an_administrator_helps_who_lost_the_phone(
    client: TestClient, teacher: User, session: Session, clock: Clock
) -> None:
    enable(client, teacher, clock)
    old = auth(client, teacher)
    admin = auth(client, make_user(session, role=Role.ADMIN))
    session.commit()
    path = f"/api/v1/users/{teacher.id}/second-factor"
    assert [client.delete(path, headers=admin).status_code for _ in range(2)] == [204, 204]
    assert client.get(PATH, headers=old).status_code == 401
    session.expire_all()
    assert log_in(client, teacher) == (200, None)


def test_students_have_none(client: TestClient, session: Session) -> None:
    student = make_user(session)
    session.commit()
    assert client.get(PATH, headers=auth(client, student)).status_code == 403
