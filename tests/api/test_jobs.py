from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.core.clock import utc_now
from app.core.jobs import JobKind
from app.domain.enums import JobStatus, Role
from app.models import AuditEvent, Job
from app.repositories.job_repository import JobRepository
from tests.factories.users import auth, make_user


def make_job(session: Session, owner_id: object, **values: object) -> Job:
    job = JobRepository(session).enqueue(JobKind.CLEAN_UP, owner_id=owner_id)  # type: ignore[arg-type]  # a UUID
    for name, value in values.items():
        setattr(job, name, value)
    session.commit()
    return job


def test_owners_and_admins_see_a_job_and_nobody_else(client: TestClient, session: Session) -> None:
    owner, other, admin = make_user(session), make_user(session), make_user(session, role=Role.ADMIN)
    job = make_job(session, owner.id)
    path = f"/api/v1/jobs/{job.id}"
    codes = [client.get(path, headers=auth(client, user)).status_code for user in (owner, other, admin)]
    assert codes == [200, 404, 200]
    listed = client.get("/api/v1/jobs", headers=auth(client, other)).json()
    assert listed == {"items": [], "next_cursor": None}


def test_a_waiting_job_is_cancelled_at_once_and_audited(client: TestClient, session: Session) -> None:
    owner = make_user(session)
    job = make_job(session, owner.id)
    reply = client.post(f"/api/v1/jobs/{job.id}/cancel", headers=auth(client, owner))
    assert (reply.status_code, reply.json()["status"]) == (200, "cancelled")
    again = client.post(f"/api/v1/jobs/{job.id}/cancel", headers=auth(client, owner))
    assert again.status_code == 409
    assert session.query(AuditEvent).filter_by(action="job.cancelled", object_id=str(job.id)).count() == 1


def test_only_a_failed_job_starts_again(client: TestClient, session: Session) -> None:
    owner = make_user(session)
    failed = make_job(session, owner.id, status=JobStatus.FAILED, finished_at=utc_now(), error="no", attempts=5)
    waiting = make_job(session, owner.id)
    reply = client.post(f"/api/v1/jobs/{failed.id}/retry", headers=auth(client, owner)).json()
    assert (reply["status"], reply["attempts"], reply["error"]) == ("queued", 0, None)
    assert client.post(f"/api/v1/jobs/{waiting.id}/retry", headers=auth(client, owner)).status_code == 409
