"""The time-table: which work is asked for again and again."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from app.core.jobs import JobKind
from app.repositories.job_repository import JobRepository

EVERY: Final = {
    JobKind.CALIBRATE_ITEMS: timedelta(minutes=10),
    JobKind.PREDICT_DIFFICULTIES: timedelta(hours=1),
    JobKind.CHECK_INDEX: timedelta(minutes=10),
    JobKind.CLEAN_UP: timedelta(hours=6),
    JobKind.FINISH_EXAMS: timedelta(minutes=2),
}
NIGHTLY: Final = {
    JobKind.FIT_STUDENT_MODEL: time(2, 30, tzinfo=UTC),
    JobKind.FIT_REVIEW_MEMORY: time(3, 30, tzinfo=UTC),
}


def enqueue_periodic(jobs: JobRepository, now: datetime) -> None:
    """Write a job of each kind whose last one is older than its period; several sweepers at once write one.

    Nightly work that was missed is made up for, but a new installation waits for its first night.
    """
    for kind, period in EVERY.items():
        if jobs.try_lock(kind) and jobs.latest_creation(kind) < now - period:
            jobs.enqueue(kind)
    for kind, at in NIGHTLY.items():
        if jobs.try_lock(kind) and max(jobs.latest_creation(kind), jobs.first_creation(now)) < last_time(at, now):
            jobs.enqueue(kind)


def last_time(at: time, now: datetime) -> datetime:
    """The latest moment, not after `now`, at which the clock showed this time."""
    today = datetime.combine(now.astimezone(UTC).date(), at)
    return today if today <= now else today - timedelta(days=1)
