import asyncio
from collections.abc import AsyncIterable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from app.api.deps import (
    ActorDep,
    AnyUser,
    ClaimsDep,
    HotUser,
    IdCursor,
    JobServiceDep,
    Limit,
    NowDep,
    ResourcesDep,
)
from app.core.errors import AppError, NotFoundError
from app.core.jobs import JobKind
from app.core.resources import Resources
from app.core.security import AccessClaims
from app.domain.enums import JobStatus
from app.models import Job
from app.repositories.job_repository import OPEN, JobRepository
from app.schemas.base import Page
from app.schemas.job import JobRead
from app.services.acting import acting_user

router = APIRouter(prefix="/jobs", tags=["jobs"])

POLL_S: Final = 0.5
LONGEST_STREAM_S: Final = 3600


@router.get("", dependencies=[AnyUser], response_model=Page[JobRead])
def list_jobs(
    actor: ActorDep,
    jobs: JobServiceDep,
    status: JobStatus | None = None,
    kind: JobKind | None = None,
    cursor: IdCursor = None,
    limit: Limit = 50,
) -> dict[str, object]:
    """Background work, latest first: your own, or all of it for an admin."""
    found = jobs.jobs.page(actor, status=status, kind=kind, before=cursor, limit=limit)
    return {"items": found, "next_cursor": str(found[-1].id) if len(found) == limit else None}


@router.get("/{job_id}", dependencies=[AnyUser], response_model=JobRead)
def read_job(job_id: UUID, actor: ActorDep, jobs: JobServiceDep) -> Job:
    """The state and progress of one job."""
    return jobs.get(actor, job_id)


@router.post("/{job_id}/cancel", dependencies=[AnyUser], response_model=JobRead)
def cancel_job(job_id: UUID, actor: ActorDep, jobs: JobServiceDep, now: NowDep) -> Job:
    """Ask a job to stop at its next checkpoint. What it has committed stays."""
    return jobs.cancel(actor, job_id, now)


@router.post("/{job_id}/retry", dependencies=[AnyUser], response_model=JobRead)
def retry_job(job_id: UUID, actor: ActorDep, jobs: JobServiceDep, now: NowDep) -> Job:
    """Start a failed job again."""
    return jobs.retry(actor, job_id, now)


async def get_first_look(job_id: UUID, claims: ClaimsDep, resources: ResourcesDep) -> JobRead:
    """Taken before the stream begins, while a refusal can still be a reply of its own."""
    return await run_in_threadpool(_look, resources, claims, job_id)


FirstLookDep = Annotated[JobRead, Depends(get_first_look)]


@router.get("/{job_id}/events", dependencies=[HotUser], response_class=EventSourceResponse)
async def job_events(
    job_id: UUID, job: FirstLookDep, claims: ClaimsDep, resources: ResourcesDep
) -> AsyncIterable[ServerSentEvent]:
    """Server-sent events: `progress` whenever the job changes, `done` once it has ended."""
    last: JobRead | None = None
    for _ in range(int(LONGEST_STREAM_S / POLL_S)):
        if job != last:
            yield ServerSentEvent(event="progress" if job.status in OPEN else "done", data=job)
        if job.status not in OPEN:
            return
        last = job
        await asyncio.sleep(POLL_S)
        try:
            # A short transaction for each look; the stream itself holds no connection.
            job = await run_in_threadpool(_look, resources, claims, job_id)
        except AppError:  # the login has ended meanwhile
            return


def _look(resources: Resources, claims: AccessClaims, job_id: UUID) -> JobRead:
    with resources.sessions() as session:
        job = JobRepository(session).visible(acting_user(session, claims), job_id)
        if job is None:
            raise NotFoundError("No such job.")
        return JobRead.model_validate(job)
