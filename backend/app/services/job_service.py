from datetime import datetime
from uuid import UUID

from app.core.errors import ConflictError, NotFoundError
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.enums import JobStatus
from app.domain.permissions import Actor
from app.models import Job
from app.repositories.audit_repository import AuditRepository
from app.repositories.job_repository import OPEN, JobRepository


class JobService:
    def __init__(self, jobs: JobRepository, audit: AuditRepository) -> None:
        self.jobs, self.audit = jobs, audit

    def get(self, actor: Actor, job_id: UUID) -> Job:
        """Raises NotFoundError for jobs of somebody else; an admin sees all."""
        job = self.jobs.visible(actor, job_id)
        if job is None:
            raise NotFoundError("No such job.")
        return job

    def start(self, actor: Actor, kind: JobKind, action: AuditAction, subject_id: UUID | None = None) -> Job:
        """Begin work in the name of the actor, on one subject or on all."""
        arguments = {"actor_id": str(actor.user_id)} | ({"subject_id": str(subject_id)} if subject_id else {})
        job = self.jobs.enqueue(kind, owner_id=actor.user_id, **arguments)
        self.audit.record(
            action,
            actor_id=actor.user_id,
            object_type="subject" if subject_id else "job",
            object_id=str(subject_id or job.id),
        )
        self.jobs.session.refresh(job)
        return job

    def cancel(self, actor: Actor, job_id: UUID, now: datetime) -> Job:
        """Ask a job to stop; it does so at its next checkpoint, and what it has committed stays."""
        job = self.get(actor, job_id)
        if job.status not in OPEN:
            raise ConflictError("This job has ended already.")
        self.jobs.request_cancel(job, now)
        self._record(AuditAction.JOB_CANCELLED, actor, job)
        return job

    def retry(self, actor: Actor, job_id: UUID, now: datetime) -> Job:
        """Start a failed job again from its last checkpoint."""
        job = self.get(actor, job_id)
        if job.status != JobStatus.FAILED:
            raise ConflictError("Only a failed job can be started again.")
        self.jobs.requeue(job, now)
        self._record(AuditAction.JOB_RETRIED, actor, job)
        return job

    def _record(self, action: AuditAction, actor: Actor, job: Job) -> None:
        self.audit.record(action, actor_id=actor.user_id, object_type="job", object_id=str(job.id), kind=job.kind)
