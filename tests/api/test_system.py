import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.jobs import JobKind
from app.domain.enums import JobStatus, Role
from app.models import Job
from app.repositories.job_repository import JobRepository
from tests.factories.questions import make_question
from tests.factories.subjects import make_subject
from tests.factories.users import auth, make_user

PATH = "/api/v1/system"


def test_the_figures_of_the_installation(client: TestClient, session: Session) -> None:
    headers = auth(client, make_user(session, role=Role.ADMIN))
    make_question(session, make_subject(session))
    waiting = JobRepository(session).enqueue(JobKind.CLEAN_UP)
    session.add(Job(kind="clean_up", queue="default", status=JobStatus.FAILED, finished_at=utc_now()))
    session.flush()
    found = client.get(PATH, headers=headers).json()
    assert (found["users"], found["questions"]) == ({"admin": 1}, {"published": 1})
    assert found["jobs"]["statuses"] == {"failed": 1, "queued": 1}
    assert (found["jobs"]["failed_last_day"], found["jobs"]["waiting_since"] is not None) == (1, True)
    assert waiting.created_at is not None
    assert found["database"]["size"] > 0
    assert found["files"]["free"] > 0
    assert found["version"]


@pytest.mark.parametrize("role", [Role.STUDENT, Role.TEACHER])
def test_only_admins_see_them(client: TestClient, session: Session, role: Role) -> None:
    assert client.get(PATH, headers=auth(client, make_user(session, role=role))).status_code == 403
