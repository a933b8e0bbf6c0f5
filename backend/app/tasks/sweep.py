"""Finds jobs that nobody works on: never told, told in vain, or left by a dead worker."""

from uuid import UUID

from app.core.clock import utc_now
from app.core.resources import Resources
from app.repositories.job_repository import JobRepository
from app.tasks.schedule import enqueue_periodic


def due_jobs(resources: Resources) -> list[tuple[UUID, str]]:
    """The waiting jobs with their queues; also writes the jobs of the time-table that have come due."""
    now = utc_now()
    with resources.sessions.begin() as session:
        enqueue_periodic(JobRepository(session), now)
        return JobRepository(session).due(now)
