"""The stream of a job's progress, and the refusals before it begins."""

import json
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.jobs import JobKind
from app.domain.enums import JobStatus
from app.models import Job, User
from app.repositories.job_repository import JobRepository
from tests.factories.users import auth, make_user


@pytest.fixture
def owner(session: Session) -> User:
    return make_user(session)


@pytest.fixture
def finished(session: Session, owner: User) -> Job:
    job = JobRepository(session).enqueue(JobKind.IMPORT_QUESTIONS, owner_id=owner.id)
    job.status, job.finished_at, job.result = JobStatus.SUCCEEDED, utc_now(), {"new": 3}
    session.commit()
    return job


def test_a_finished_job_is_told_once_and_the_stream_ends(client: TestClient, owner: User, finished: Job) -> None:
    reply = client.get(f"/api/v1/jobs/{finished.id}/events", headers=auth(client, owner))
    assert reply.headers["content-type"].startswith("text/event-stream")
    event, data = reply.text.strip().splitlines()
    assert event == "event: done"
    assert json.loads(data.removeprefix("data: "))["result"] == {"new": 3}


def test_a_foreign_job_is_not_found(client: TestClient, session: Session, finished: Job) -> None:
    headers = auth(client, make_user(session))
    for job_id in (finished.id, uuid4()):
        reply = client.get(f"/api/v1/jobs/{job_id}/events", headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


def test_an_ended_login_sees_nothing(client: TestClient, session: Session, owner: User, finished: Job) -> None:
    headers = auth(client, owner)
    owner.token_version += 1
    session.commit()
    reply = client.get(f"/api/v1/jobs/{finished.id}/events", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (401, "unauthenticated")
