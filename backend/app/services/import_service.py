from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, InvalidInputError, NotFoundError
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.enums import JobStatus
from app.domain.permissions import Actor
from app.models import ImportJob, ImportRow, Job
from app.repositories.audit_repository import AuditRepository
from app.repositories.import_repository import ImportRepository
from app.repositories.import_row_repository import ImportRowFilter, ImportRowRepository
from app.repositories.job_repository import OPEN, JobRepository
from app.repositories.keyset import Slice
from app.repositories.subject_repository import SubjectRepository
from app.schemas.import_job import ImportOptions, ImportRowIndex, ImportRowQuery, ImportState, RowCount, RowOutcome
from app.services.import_events import AUTO
from app.services.import_readers import READERS
from app.services.import_things import chunk_of
from app.services.import_undo import refuse_shown

_OF_JOB: Final = {
    JobStatus.QUEUED: ImportState.QUEUED,
    JobStatus.RUNNING: ImportState.RUNNING,
    JobStatus.FAILED: ImportState.FAILED,
    JobStatus.CANCELLED: ImportState.CANCELLED,
}
_STOPPED: Final = {ImportState.FAILED, ImportState.CANCELLED}
_WORKING: Final = {ImportState.QUEUED, ImportState.RUNNING}


class ImportStateError(ConflictError):
    code = "import_state"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that is in the store already; `name` is what its owner calls it."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import with the latest work on it and its outcome so far."""

    row: ImportJob
    job: Job | None
    counts: Counter[str]

    @property
    def state(self) -> ImportState:
        if self.row.undone_at is not None:
            return ImportState.UNDONE
        if self.job is not None and self.job.kind == JobKind.UNDO_IMPORT and self.job.status in OPEN:
            return ImportState.UNDOING
        if self.row.committed_at is not None:
            return ImportState.COMMITTED
        if self.job is not None and self.job.kind == JobKind.IMPORT_QUESTIONS and self.job.status in _OF_JOB:
            return _OF_JOB[JobStatus(self.job.status)]
        if "counts" not in self.row.outcome:
            return ImportState.FAILED
        return ImportState.CHECKED if self.row.dry_run else ImportState.REFUSED


@dataclass(frozen=True, slots=True)
class RowsView:
    """A page of rows, and what was changed by row number."""

    found: Slice[ImportRow]
    changes: Mapping[int, dict[str, Any]]


class ImportService:
    """Asks for imports and tells about them; the work itself is done by `ImportWork` in a job."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._imports, self._jobs = ImportRepository(session), JobRepository(session)
        self._rows = ImportRowRepository(session)
        self._subjects, self._audit = SubjectRepository(session), AuditRepository(session)

    def create(
        self, actor: Actor, subject_id: UUID, file: UploadedFile, options: ImportOptions, *, dry_run: bool
    ) -> ImportView:
        """Raises NotFoundError for an unknown subject, ImportStateError for an archived one."""
        if options.format != AUTO and options.format not in {reader.name for reader in READERS}:
            raise InvalidInputError(f"There is no format {options.format}.")
        subject = self._subjects.get(actor, subject_id)
        if subject is None:
            raise NotFoundError("No such subject.")
        if subject.archived_at is not None:
            raise ImportStateError("The subject is archived. Restore it to add questions.")
        row = new_import(actor, subject_id, file, options, dry_run=dry_run)
        self._session.add(row)
        self._session.flush()
        return self._start(actor, row, JobKind.IMPORT_QUESTIONS, AuditAction.IMPORT_REQUESTED)

    def read(self, actor: Actor, import_id: UUID) -> ImportView:
        row = self._imports.get(actor, import_id)
        if row is None:
            raise NotFoundError("No such import.")
        return self.views([row])[0]

    def views(self, rows: Sequence[ImportJob]) -> list[ImportView]:
        jobs = self._imports.jobs_of(rows)
        so_far = self._imports.counts_so_far([row.id for row in rows if "counts" not in row.outcome])
        return [
            ImportView(
                row,
                jobs.get(row.job_id) if row.job_id else None,
                Counter(row.outcome["counts"]) if "counts" in row.outcome else so_far.get(row.id, Counter()),
            )
            for row in rows
        ]

    def rows(self, actor: Actor, import_id: UUID, wanted: ImportRowQuery) -> RowsView:
        self.read(actor, import_id)
        found = self._rows.page(import_id, _row_filter(wanted), cursor=wanted.cursor, limit=wanted.limit)
        changed = {chunk_of(row.n) for row in found.items if row.outcome == RowOutcome.CHANGED}
        return RowsView(found, self._imports.changes(import_id, changed) if changed else {})

    def row_index(self, actor: Actor, import_id: UUID, wanted: ImportRowQuery) -> ImportRowIndex:
        """Where each page of the rows begins, and what there is to filter by."""
        self.read(actor, import_id)
        total, starts = self._rows.page_starts(import_id, _row_filter(wanted), wanted.limit)
        counts = [RowCount.model_validate(each) for each in self._rows.counts(import_id)]
        return ImportRowIndex(total=total, page_size=wanted.limit, starts=starts, counts=counts)

    def report(self, actor: Actor, import_id: UUID) -> tuple[ImportView, str]:
        """The import with the hash of its written report; raises ImportStateError before there is one."""
        view = self.read(actor, import_id)
        sha256 = view.row.outcome.get("report")
        if sha256 is None:
            raise ImportStateError(f"There is no report yet: the import is {view.state}.")
        return view, sha256

    def commit(self, actor: Actor, import_id: UUID) -> ImportView:
        """Make a dry run real, or go on with an import that was stopped. Asking again changes nothing.

        Raises:
            ImportStateError: The dry run still runs, found an error although all or nothing was asked for, or the
                import was undone.
        """
        view = self._locked(actor, import_id)
        row, state = view.row, view.state
        if not row.dry_run and (state in _WORKING or state is ImportState.COMMITTED):
            return view
        if state is not ImportState.CHECKED and state not in _STOPPED:
            raise ImportStateError(f"An import that is {state} cannot be committed.")
        if row.options["all_or_nothing"] and view.counts[RowOutcome.ERROR.value]:
            raise ImportStateError("The file has errors, and all or nothing was asked for.")
        if row.dry_run:
            self._imports.forget_results(row.id)
            # What the dry run has checked is not checked again before an all-or-nothing import.
            row.dry_run, row.outcome = False, {"is_checked": state is ImportState.CHECKED}
        return self._start(actor, row, JobKind.IMPORT_QUESTIONS, AuditAction.IMPORT_COMMIT_REQUESTED)

    def cancel(self, actor: Actor, import_id: UUID) -> ImportView:
        """Stop before the next chunk. What is stored stays, and can be undone or gone on with."""
        view = self._locked(actor, import_id)
        if view.job is None or view.state not in _WORKING:
            raise ImportStateError(f"An import that is {view.state} cannot be cancelled.")
        self._jobs.request_cancel(view.job, self._now)
        self._record(AuditAction.JOB_CANCELLED, actor, view.row)
        return view

    def undo(self, actor: Actor, import_id: UUID) -> ImportView:
        """Ask for an import to be taken back.

        Raises:
            ImportShownError: Students have met some of its questions; `shown` says how many.
            ImportStateError: It still runs, or nothing of it was stored.
        """
        view = self._locked(actor, import_id)
        if view.state is ImportState.UNDOING:
            return view
        if view.row.dry_run or view.state not in {ImportState.COMMITTED, *_STOPPED}:
            raise ImportStateError(f"An import that is {view.state} cannot be undone.")
        refuse_shown(self._session, import_id)
        return self._start(actor, view.row, JobKind.UNDO_IMPORT, AuditAction.IMPORT_UNDO_REQUESTED)

    def _locked(self, actor: Actor, import_id: UUID) -> ImportView:
        row = self._imports.lock(actor, import_id)
        if row is None:
            raise NotFoundError("No such import.")
        return self.views([row])[0]

    def _start(self, actor: Actor, row: ImportJob, kind: JobKind, action: AuditAction) -> ImportView:
        job = self._jobs.enqueue(kind, owner_id=actor.user_id, import_id=str(row.id), actor_id=str(actor.user_id))
        row.job_id = job.id
        self._record(action, actor, row)
        self._session.flush()
        return self.views([row])[0]

    def _record(self, action: AuditAction, actor: Actor, row: ImportJob) -> None:
        self._audit.record(action, actor_id=actor.user_id, object_type="import", object_id=str(row.id))


def _row_filter(wanted: ImportRowQuery) -> ImportRowFilter:
    return ImportRowFilter(wanted.severity, wanted.outcome, wanted.code, wanted.after)


def new_import(
    actor: Actor, subject_id: UUID, file: UploadedFile, options: ImportOptions, *, dry_run: bool
) -> ImportJob:
    return ImportJob(
        subject_id=subject_id,
        created_by=actor.user_id,
        filename=file.name,
        sha256=file.sha256,
        format=options.format,
        options=options.model_dump(mode="json"),
        outcome={},
        dry_run=dry_run,
    )
