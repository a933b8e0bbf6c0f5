from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.domain.audit import AuditAction
from app.domain.enums import Role
from app.models import AuditEvent, User
from app.repositories.audit_repository import AuditRepository
from tests.factories.users import auth, make_user

EVENTS = "/api/v1/audit-events"


@pytest.fixture
def admin(session: Session) -> User:
    return make_user(session, role=Role.ADMIN)


@pytest.fixture
def headers(client: TestClient, admin: User) -> dict[str, str]:
    return auth(client, admin)


def record(session: Session, action: AuditAction, actor: User, number: int) -> None:
    AuditRepository(session).record(action, actor_id=actor.id, object_type="user", object_id=str(number), step=number)
    session.flush()


def objects(client: TestClient, headers: dict[str, str], **query: str) -> list[str]:
    reply = client.get(EVENTS, params=query, headers=headers)
    assert reply.status_code == 200
    return [item["object_id"] for item in reply.json()["items"]]


def test_events_are_filtered_and_paged(
    client: TestClient, session: Session, admin: User, headers: dict[str, str]
) -> None:
    other = make_user(session)
    record(session, AuditAction.USER_SUSPENDED, admin, 1)
    record(session, AuditAction.USER_ACTIVATED, admin, 2)
    record(session, AuditAction.LOGIN_SUCCEEDED, other, 3)
    assert objects(client, headers) == ["3", "2", "1"]
    assert objects(client, headers, actor_id=str(other.id)) == ["3"]
    assert objects(client, headers, action="user.activated") == ["2"]
    assert objects(client, headers, object_type="user", object_id="1") == ["1"]
    assert objects(client, headers, object_type="class") == []
    tomorrow = (utc_now() + timedelta(days=1)).isoformat()
    assert objects(client, headers, since=tomorrow) == []
    assert objects(client, headers, until=tomorrow) == ["3", "2", "1"]
    first = client.get(EVENTS, params={"limit": 2}, headers=headers).json()
    assert objects(client, headers, cursor=first["next_cursor"]) == ["1"]
    assert first["items"][0]["details"] == {"step": 3}
    assert [item["actor_name"] for item in first["items"]] == [other.name, admin.name]


@pytest.mark.parametrize("query", [{"action": "x"}, {"since": "2026-01-01T00:00:00"}, {"object_id": "x" * 65}])
def test_bad_filters_are_refused(client: TestClient, headers: dict[str, str], query: dict[str, str]) -> None:
    assert client.get(EVENTS, params=query, headers=headers).status_code == 422


def test_events_cannot_be_rewritten(session: Session, admin: User) -> None:
    record(session, AuditAction.USER_SUSPENDED, admin, 1)
    with pytest.raises(IntegrityError, match="never changed"):
        session.execute(update(AuditEvent).values(action="user.activated"))


def test_a_refused_act_leaves_no_event(
    client: TestClient, session: Session, admin: User, headers: dict[str, str]
) -> None:
    assert client.patch(f"/api/v1/users/{admin.id}", json={"name": "x", "role": "student"}, headers=headers).is_error
    assert session.scalar(text("SELECT count(*) FROM audit_events")) == 0
