"""Who most tests of the API need; a file that needs others defines its own."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.api.deps import get_now
from app.domain.enums import Role
from tests.factories.clock import Clock
from tests.factories.practice import Student
from tests.factories.users import auth, make_user


@pytest.fixture
def clock(app: FastAPI) -> Iterator[Clock]:
    clock = Clock()
    app.dependency_overrides[get_now] = lambda: clock.now
    yield clock
    app.dependency_overrides.pop(get_now)


@pytest.fixture
def student(client: TestClient, session: Session) -> Student:
    user = make_user(session)
    session.commit()
    return Student(client, session, user)


@pytest.fixture
def teacher(client: TestClient, session: Session) -> dict[str, str]:
    user = make_user(session, role=Role.TEACHER)
    session.commit()
    return auth(client, user)
