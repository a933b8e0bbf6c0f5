from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.database import ring_after_commit
from app.core.jobs import QUEUES, JobKind
from app.domain.enums import JobStatus
from app.domain.permissions import Actor
from app.models import Job

OPEN = (JobStatus.QUEUED, JobStatus.RUNNING)
RESEND_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a job until the lease ends; `attempt` fences off an earlier holder that comes back late."""

    job_id: UUID
    kind: JobKind
    arguments: dict[str, Any]
    attempt: int


class JobRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def enqueue(self, kind: JobKind, *, owner_id: UUID | None = None, **arguments: str) -> Job:
        """Write the job into this transaction; a worker is told once it has committed. Arguments are ids only."""
        job = Job(kind=kind.value, queue=QUEUES[kind].value, owner_id=owner_id, arguments=arguments)
        self.session.add(job)
        self.session.flush()
        ring_after_commit(self.session, job.id, job.queue)
        return job

    def enqueue_once(self, kind: JobKind) -> None:
        """Ask for work that takes up whatever there is when it begins: one waiting job of it is enough."""
        waiting = select(Job.id).where(Job.kind == kind, Job.status == JobStatus.QUEUED)
        if self.session.scalar(waiting.limit(1)) is None:
            self.enqueue(kind)

    def visible(self, actor: Actor, job_id: UUID) -> Job | None:
        return self.session.scalar(select(Job).where(Job.id == job_id, _readable(actor)))

    def page(
        self, actor: Actor, *, status: JobStatus | None, kind: JobKind | None, before: UUID | None, limit: int
    ) -> list[Job]:
        """Latest first; ids are time-ordered, so they are the cursor too."""
        statement = select(Job).where(_readable(actor)).order_by(Job.id.desc()).limit(limit)
        if status is not None:
            statement = statement.where(Job.status == status)
        if kind is not None:
            statement = statement.where(Job.kind == kind)
        if before is not None:
            statement = statement.where(Job.id < before)
        return list(self.session.scalars(statement))

    def claim(self, job_id: UUID, now: datetime, lease: timedelta) -> Claim | None:
        """Take the lease; None when somebody else holds it, or the job is over or not due yet."""
        free = or_(Job.status == JobStatus.QUEUED, and_(Job.status == JobStatus.RUNNING, Job.lease_until < now))
        row = self.session.execute(
            update(Job)
            .where(Job.id == job_id, free, Job.run_after <= now)
            .values(
                status=JobStatus.RUNNING,
                attempts=Job.attempts + 1,
                lease_until=now + lease,
                started_at=func.coalesce(Job.started_at, now),
            )
            .returning(Job.kind, Job.arguments, Job.attempts)
        ).one_or_none()
        return None if row is None else Claim(job_id, JobKind(row.kind), row.arguments, row.attempts)

    def extend(self, claim: Claim, lease_until: datetime) -> bool | None:
        """Keep the lease: True = go on, False = somebody asks to cancel, None = the lease is lost."""
        row = self.session.execute(
            update(Job).where(_held(claim)).values(lease_until=lease_until).returning(Job.cancel_requested)
        ).one_or_none()
        return None if row is None else not row.cancel_requested

    def report(self, claim: Claim, done: int, total: int, message: str) -> None:
        self.session.execute(
            update(Job).where(_held(claim)).values(progress_done=done, progress_total=total, message=message[:300])
        )

    def finish(self, claim: Claim, status: JobStatus, now: datetime, **outcome: Any) -> bool:
        """End the job; False when the lease was lost and the outcome belongs to somebody else."""
        values = {"status": status, "finished_at": now, "lease_until": None, **outcome}
        return bool(self.session.execute(update(Job).where(_held(claim)).values(values).returning(Job.id)).all())

    def retry_later(self, claim: Claim, run_after: datetime, error: str) -> None:
        self.session.execute(
            update(Job)
            .where(_held(claim))
            .values(status=JobStatus.QUEUED, run_after=run_after, lease_until=None, sent_at=None, error=error)
        )

    def due(self, now: datetime, limit: int = 200) -> list[tuple[UUID, str]]:
        """Jobs that wait without a recent message, or whose worker has died; they are marked as sent."""
        waiting = and_(
            Job.status == JobStatus.QUEUED,
            Job.run_after <= now,
            or_(Job.sent_at.is_(None), Job.sent_at < now - RESEND_AFTER),
        )
        abandoned = and_(Job.status == JobStatus.RUNNING, Job.lease_until < now)
        ids = select(Job.id).where(or_(waiting, abandoned)).order_by(Job.run_after).limit(limit)
        marked = update(Job).where(Job.id.in_(ids.with_for_update(skip_locked=True))).values(sent_at=now)
        return [(row.id, row.queue) for row in self.session.execute(marked.returning(Job.id, Job.queue))]

    def request_cancel(self, job: Job, now: datetime) -> None:
        job.cancel_requested = True
        if job.status == JobStatus.QUEUED:
            job.status, job.finished_at = JobStatus.CANCELLED, now

    def requeue(self, job: Job, now: datetime) -> None:
        """Give a failed job a fresh start."""
        job.status, job.run_after, job.finished_at = JobStatus.QUEUED, now, None
        job.attempts, job.error, job.cancel_requested, job.sent_at = 0, None, False, None
        ring_after_commit(self.session, job.id, job.queue)

    def forget_actor(self, user_id: UUID) -> None:
        """Jobs do not name the user any more; one that waits fails, for want of somebody to act for."""
        named = Job.arguments["actor_id"].astext == str(user_id)
        self.session.execute(update(Job).where(named).values(arguments=Job.arguments.op("-")("actor_id")))

    def try_lock(self, kind: JobKind) -> bool:
        """A lock until the end of the transaction, so that one process at a time writes the job of a time-table."""
        return bool(self.session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtext(kind.value)))))

    def latest_creation(self, kind: JobKind) -> datetime:
        latest = self.session.scalar(select(func.max(Job.created_at)).where(Job.kind == kind))
        return latest or datetime.min.replace(tzinfo=UTC)

    def first_creation(self, default: datetime) -> datetime:
        """When the oldest job that is still kept was written."""
        return self.session.scalar(select(func.min(Job.created_at))) or default


def _readable(actor: Actor) -> ColumnElement[bool]:
    return Job.owner_id == actor.user_id if not actor.is_admin else Job.id.is_not(None)


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(Job.id == claim.job_id, Job.status == JobStatus.RUNNING, Job.attempts == claim.attempt)
