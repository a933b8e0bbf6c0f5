"""The whole work on one import: the check before an all-or-nothing import, the run itself, its report."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, NotFoundError
from app.core.jobs import JobKind
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.formats.reading import ReadOptions
from app.integrations.storage import FileMissingError, chunks_of
from app.models import ImportJob, User
from app.repositories.import_repository import ImportRepository, ImportResult
from app.repositories.job_repository import JobRepository
from app.repositories.question_review_repository import QuestionReviewRepository
from app.schemas.import_job import ImportOptions, RowOutcome
from app.services.import_judge import ImportWish
from app.services.import_repeats import repeat_import
from app.services.import_runner import ImportRun, ImportRunner, ImportTools
from app.services.import_seen import SeenDrafts

MAX_REPORT_BYTES: Final = 2 * 1024 * 1024 * 1024


class ImportWork:
    """Safe to start again at any point: what is stored is not stored twice, and what is finished stays as it is."""

    def __init__(self, tools: ImportTools, seen: SeenDrafts | None = None) -> None:
        self._tools, self._seen = tools, seen

    def work(self, import_id: UUID) -> ImportResult:
        """Raises AppError when the import, its file or its author is gone."""
        with self._tools.sessions.begin() as session:
            row = _row(session, import_id)
            if (known := _finished(row) or repeat_import(session, row, self._tools.now)) is not None:
                return known
            run, must_check, sha256 = _run_of(row, _actor(session, row)), _must_check(row), row.sha256
        with self._open(sha256) as stream:
            if must_check and not self._is_clean(run, stream):
                return self._result(import_id)
            return self._run(run, stream, self._seen)

    def _is_clean(self, run: ImportRun, stream: BinaryIO) -> bool:
        """A dry run before an all-or-nothing import; without an error it makes room for the real one."""
        checked = self._run(replace(run, dry_run=True), stream, None)
        if checked.is_broken or checked.counts[RowOutcome.ERROR.value]:
            return False
        with self._tools.sessions.begin() as session:
            ImportRepository(session).forget_results(run.import_id)
            _row(session, run.import_id).outcome = {"is_checked": True}
        return True

    def _run(self, run: ImportRun, stream: BinaryIO, seen: SeenDrafts | None) -> ImportResult:
        with TemporaryFile() as report:
            result = ImportRunner(self._tools, run, seen).run(stream, report)
            report.seek(0)
            stored = self._tools.store.put(chunks_of(report), MAX_REPORT_BYTES)
        with self._tools.sessions.begin() as session:
            committed_at = None if run.dry_run else self._tools.now
            ImportRepository(session).finish(_row(session, run.import_id), result, stored.sha256, committed_at)
            if not run.dry_run:
                JobRepository(session).enqueue_once(JobKind.EMBED_QUESTIONS)
            if not run.dry_run and QuestionReviewRepository(session).count_uncut(run.import_id):
                JobRepository(session).enqueue(
                    JobKind.CUT_PAGES, owner_id=run.actor.user_id, import_id=str(run.import_id)
                )
        return result

    def _result(self, import_id: UUID) -> ImportResult:
        with self._tools.sessions() as session:
            return result_of(_row(session, import_id))

    @contextmanager
    def _open(self, sha256: str) -> Iterator[BinaryIO]:
        try:
            stream = self._tools.store.open(sha256)
        except FileMissingError as error:
            raise NotFoundError("The uploaded file is lost. Upload it again.") from error
        with stream:
            yield stream


def result_of(row: ImportJob) -> ImportResult:
    """What an import that has ended found."""
    return ImportResult(Counter(row.outcome["counts"]), row.format, is_broken=row.outcome["is_broken"])


def _finished(row: ImportJob) -> ImportResult | None:
    return None if row.committed_at is None else result_of(row)


def _must_check(row: ImportJob) -> bool:
    return row.options["all_or_nothing"] and not row.dry_run and not row.outcome.get("is_checked")


def _row(session: Session, import_id: UUID) -> ImportJob:
    row = session.get(ImportJob, import_id)
    if row is None:
        raise NotFoundError("No such import.")
    return row


def _actor(session: Session, row: ImportJob) -> Actor:
    """Whoever asked for the import, with the role of today."""
    user = session.get(User, row.created_by) if row.created_by else None
    if user is None:
        raise ConflictError("Whoever asked for this import has no account any more.")
    return Actor(user.id, Role(user.role), user.id)


def _run_of(row: ImportJob, actor: Actor) -> ImportRun:
    options = ImportOptions.model_validate(row.options)
    return ImportRun(
        import_id=row.id,
        actor=actor,
        wish=ImportWish(row.subject_id, options.namespace, options.skill, options.publish),
        filename=row.filename,
        format=options.format,
        reading=ReadOptions(columns=options.columns, has_header=options.has_header),
        dry_run=row.dry_run,
    )
