"""The time-table: which work is asked for again and again."""

from datetime import datetime, timedelta
from typing import Final

from app.core.jobs import JobKind
from app.repositories.job_repository import JobRepository

EVERY: Final = {
    JobKind.CALIBRATE_ITEMS: timedelta(minutes=10),
    JobKind.CHECK_INDEX: timedelta(minutes=10),
    JobKind.CLEAN_UP: timedelta(hours=6),
    JobKind.FINISH_EXAMS: timedelta(minutes=2),
}


def enqueue_periodic(jobs: JobRepository, now: datetime) -> None:
    """Write a job of each kind whose last one is older than its period; several sweepers at once write one."""
    for kind, period in EVERY.items():
        if jobs.try_lock(kind) and jobs.latest_creation(kind) < now - period:
            jobs.enqueue(kind)
