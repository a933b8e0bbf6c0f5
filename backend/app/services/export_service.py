from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, InvalidInputError, NotFoundError
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.enums import JobStatus
from app.domain.permissions import Actor
from app.formats.registry import UnknownFormatError, writer_named
from app.models import Job
from app.repositories.audit_repository import AuditRepository
from app.repositories.job_repository import JobRepository
from app.repositories.subject_repository import SubjectRepository
from app.schemas.export import ExportCreate, ExportLoss, ExportRead

SHOWN_LOSSES: Final = 1000


class ExportStateError(ConflictError):
    code = "export_state"


class ExportService:
    """An export is a job and the file that it leaves in the store; nothing else is kept of it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._jobs, self._subjects, self._audit = (
            JobRepository(session),
            SubjectRepository(session),
            AuditRepository(session),
        )

    def create(self, actor: Actor, body: ExportCreate) -> ExportRead:
        """Raises InvalidInputError for a format that nothing is written in."""
        subject = self._subjects.get(actor, body.subject_id)
        if subject is None:
            raise NotFoundError("No such subject.")
        try:
            writer_named(body.format)
        except UnknownFormatError as error:
            raise InvalidInputError(str(error)) from error
        arguments = {"subject_id": str(body.subject_id), "format": body.format, "actor_id": str(actor.user_id)}
        job = self._jobs.enqueue(JobKind.EXPORT_QUESTIONS, owner_id=actor.user_id, **arguments)
        self._audit.record(
            AuditAction.EXPORT_REQUESTED,
            actor_id=actor.user_id,
            object_type="subject",
            object_id=str(body.subject_id),
            format=body.format,
        )
        self._session.refresh(job)
        return export_read(job)

    def read(self, actor: Actor, export_id: UUID) -> ExportRead:
        return export_read(self._visible(actor, export_id))

    def file(self, actor: Actor, export_id: UUID) -> tuple[ExportRead, str, str]:
        """The export with the hash and the media type of its file; raises ExportStateError before it is written."""
        job = self._visible(actor, export_id)
        if job.status != JobStatus.SUCCEEDED or job.result is None:
            raise ExportStateError(f"There is no file: the export is {job.status}.")
        return export_read(job), job.result["sha256"], job.result["mime"]

    def _visible(self, actor: Actor, export_id: UUID) -> Job:
        job = self._jobs.visible(actor, export_id)
        if job is None or job.kind != JobKind.EXPORT_QUESTIONS:
            raise NotFoundError("No such export.")
        return job


def export_read(job: Job) -> ExportRead:
    result: dict[str, Any] = job.result or {}
    return ExportRead(
        id=job.id,
        subject_id=UUID(job.arguments["subject_id"]),
        format=job.arguments["format"],
        status=JobStatus(job.status),
        progress_done=job.progress_done,
        progress_total=job.progress_total,
        error=job.error,
        filename=result.get("filename"),
        size=result.get("size"),
        loss_count=result.get("loss_count", 0),
        losses=[ExportLoss(**loss) for loss in result.get("losses", ())],
        created_at=job.created_at,
        finished_at=job.finished_at,
    )
