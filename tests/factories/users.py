"""Users and their logins, without the cost of hashing."""

import itertools
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.resources import Resources
from app.core.security import AccessClaims
from app.domain.enums import Role, UserStatus
from app.domain.permissions import Actor
from app.models import User
from app.utils.ids import new_id

PASSWORD = "plain brown window chair"
# Of PASSWORD, with the smallest cost that Argon2 allows: the cost is part of the digest.
_DIGEST = "$argon2id$v=19$m=8,t=1,p=1$plRKydlbS8k5JyRESIkRgg$8fxOHyA+BQMgknBi6ZrFVUn/YxoBvVoF8gt/QtRk/8E"
_numbers = itertools.count(1)


def make_user(session: Session, *, role: Role = Role.STUDENT, **values: Any) -> User:
    """An active user whose password is PASSWORD; `values` are columns of the table."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "email": f"{role.value}-{number}@example.org",
        "name": f"{role.value.title()} {number}",
        "status": UserStatus.ACTIVE,
        "password_hash": _DIGEST,
    }
    user = User(**{**defaults, **values}, role=role)
    session.add(user)
    session.flush()
    return user


def auth(where: FastAPI | TestClient, user: User, *, login_id: UUID | None = None) -> dict[str, str]:
    """Headers with a real access token of the user."""
    app = where.app if isinstance(where, TestClient) else where
    assert isinstance(app, FastAPI)
    resources: Resources = app.state.resources
    claims = AccessClaims(user.id, Role(user.role), user.token_version, login_id or new_id())
    return {"Authorization": f"Bearer {resources.tokens.issue(claims, utc_now())}"}


def actor_of(user: User) -> Actor:
    """The user as services and repositories see them."""
    return Actor(user.id, Role(user.role), new_id())
