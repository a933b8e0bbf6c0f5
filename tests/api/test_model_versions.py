from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.jobs import JobKind
from app.domain.enums import Role
from app.models import AuditEvent, Job, ModelVersion
from tests.factories.users import auth, make_user

PATH = "/api/v1/model-versions"
SCORES = {"auc": 0.75, "log_loss": 0.51, "rmse": 0.41, "ece": 0.01}
METRICS = {
    "candidate": SCORES,
    "running": {**SCORES, "auc": None, "log_loss": 0.53},
    "difference": {"value": -0.02, "low": -0.03, "high": -0.01},
    "running_version": 0,
    "held_out_students": 8,
    "held_out_answers": 400,
    "training_students": 32,
    "training_answers": 1600,
}


@pytest.fixture
def headers(client: TestClient, session: Session) -> dict[str, str]:
    return auth(client, make_user(session, role=Role.ADMIN))


def make_version(session: Session, number: int, **values: object) -> ModelVersion:
    made_at = datetime(2026, 4, number, tzinfo=UTC)
    version = ModelVersion(number=number, kind="test", parameters={}, metrics=METRICS, created_at=made_at, **values)
    session.add(version)
    session.flush()
    return version


def test_versions_show_both_figures_latest_first(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    for number in (1, 2, 3):
        make_version(session, number)
    first = client.get(f"{PATH}?limit=2", headers=headers).json()
    rest = client.get(f"{PATH}?limit=2&cursor={first['next_cursor']}", headers=headers).json()
    assert [version["number"] for version in first["items"] + rest["items"]] == [3, 2, 1]
    assert rest["next_cursor"] is None
    shown = first["items"][0]["metrics"]
    assert (shown["candidate"]["log_loss"], shown["running"]["log_loss"], shown["running"]["auc"]) == (0.51, 0.53, None)


def test_a_fit_asked_for_twice_is_one_job(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    keyed = {**headers, "Idempotency-Key": "fit-the-model-now"}
    replies = [client.post(PATH, headers=keyed) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [202, 202]
    assert replies[0].json()["id"] == replies[1].json()["id"]
    assert session.scalars(select(Job.kind)).all() == [JobKind.FIT_STUDENT_MODEL]
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("model%"))).all() == [
        "model.fit_requested"
    ]


def test_an_admin_promotes_and_goes_back(client: TestClient, session: Session, headers: dict[str, str]) -> None:
    make_version(session, 1)
    make_version(session, 2)
    calls = ["1/promotion", "2/promotion", "2/rollback", "1/rollback"]
    replies = [client.post(f"{PATH}/{call}", headers=headers).json() for call in calls]
    assert [reply["number"] for reply in replies] == [1, 2, 1, 0]
    assert replies[1]["version"]["replaced"] == 1
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.object_type == "model_version")).all()
    assert sorted(actions) == ["model.promoted"] * 2 + ["model.rolled_back"] * 2


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        ("9/promotion", 404, "not_found"),
        ("1/promotion", 409, "model_state"),
        ("2/rollback", 409, "model_state"),
        ("0/rollback", 409, "model_state"),
    ],
)
def test_what_makes_no_sense_is_refused(
    client: TestClient, session: Session, headers: dict[str, str], call: str, status: int, code: str
) -> None:
    make_version(session, 1, is_live=True)
    make_version(session, 2)
    reply = client.post(f"{PATH}/{call}", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    session.expire_all()
    assert session.scalar(select(ModelVersion.number).where(ModelVersion.is_live)) == 1
