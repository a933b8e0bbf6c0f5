"""No request holds a transaction or a slot while it hashes a password."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from anyio import from_thread
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.api.slots import Slots
from app.core.clock import utc_now
from app.core.errors import UnavailableError
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
    """Notes, at the moment of each hash, whether the application has a transaction open or a slot taken."""

    def __init__(self, connection: Connection, slots: Slots) -> None:
        super().__init__(1)
        self._connection, self._slots = connection, slots
        self.seen: list[bool] = []

    def hash(self, password: str) -> str:
        self._look()
        return super().hash(password)

    def verify(self, password: str, digest: str | None) -> bool:
        self._look()
        return super().verify(password, digest)

    def _look(self) -> None:
        has_room = from_thread.run(self._has_room)
        self.seen.append(self._connection.in_nested_transaction() or not has_room)

    async def _has_room(self) -> bool:
        try:
            async with self._slots.one():
                return True
        except UnavailableError:
            return False


@pytest.fixture
def passwords(app: FastAPI, connection: Connection) -> Iterator[Observed]:
    slots, app.state.slots = app.state.slots, Slots(1, patience_s=0.05)
    passwords = Observed(connection, app.state.slots)
    app.state.resources = dataclasses.replace(app.state.resources, passwords=passwords)
    yield passwords
    app.state.slots = slots


@pytest.mark.parametrize("name", CALLS)
def test_hashes_run_outside_transactions_and_slots(
    client: TestClient, session: Session, passwords: Observed, name: str
) -> None:
    user, admin = make_user(session), make_user(session, role=Role.ADMIN)
    token = PasswordResetService(session, utc_now()).open(user.email, timedelta(hours=1))
    session.commit()
    assert token is not None
    reply = CALLS[name](client, user, admin, token)
    assert reply.is_success is (name != "unknown")
    assert passwords.seen
    assert not any(passwords.seen)
