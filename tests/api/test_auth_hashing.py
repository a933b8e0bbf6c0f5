"""No request holds a transaction while it hashes a password."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.security import Passwords
from app.domain.enums import Role
from app.models import User
from app.services.password_reset_service import PasswordResetService
from tests.factories.users import PASSWORD, auth, make_user

NEW = "tidal-moss-lantern-41"
Call = Callable[[TestClient, User, User, str], Response]
CALLS: dict[str, Call] = {
    "login": lambda client, user, _, __: client.post(
        "/api/v1/auth/login", json={"email": user.email, "password": PASSWORD}
    ),
    "unknown": lambda client, _, __, ___: client.post(
        "/api/v1/auth/login", json={"email": "no@example.org", "password": PASSWORD}
    ),
    "register": lambda client, _, __, ___: client.post(
        "/api/v1/auth/register", json={"email": "new@example.org", "name": "New", "password": NEW}
    ),
    "change": lambda client, user, _, __: client.put(
        "/api/v1/auth/password",
        json={"old_password": PASSWORD, "new_password": NEW},
        headers=auth(client, user),
    ),
    "reset": lambda client, _, __, token: client.post(
        "/api/v1/auth/password-resets/confirm", json={"token": token, "new_password": NEW}
    ),
    "create": lambda client, _, admin, __: client.post(
        "/api/v1/users",
        json={"email": "new@example.org", "name": "New", "password": NEW},
        headers={**auth(client, admin), "Idempotency-Key": "key-00000001"},
    ),
    "set": lambda client, user, admin, _: client.put(
        f"/api/v1/users/{user.id}/password", json={"password": NEW}, headers=auth(client, admin)
    ),
}


class Observed(Passwords):
    """Notes, at the moment of each hash, whether the application has a transaction open."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(1)
        self._connection = connection
        self.seen: list[bool] = []

    def hash(self, password: str) -> str:
        self.seen.append(self._connection.in_nested_transaction())
        return super().hash(password)

    def verify(self, password: str, digest: str | None) -> bool:
        self.seen.append(self._connection.in_nested_transaction())
        return super().verify(password, digest)


@pytest.fixture
def passwords(app: FastAPI, connection: Connection) -> Observed:
    passwords = Observed(connection)
    app.state.resources = dataclasses.replace(app.state.resources, passwords=passwords)
    return passwords


@pytest.mark.parametrize("name", CALLS)
def test_hashes_run_outside_transactions(client: TestClient, session: Session, passwords: Observed, name: str) -> None:
    user, admin = make_user(session), make_user(session, role=Role.ADMIN)
    token = PasswordResetService(session, utc_now()).open(user.email, timedelta(hours=1))
    session.commit()
    assert token is not None
    reply = CALLS[name](client, user, admin, token)
    assert reply.is_success is (name != "unknown")
    assert passwords.seen
    assert not any(passwords.seen)
