"""Running one job: claim the lease, keep it alive, report progress, end in exactly one state."""

import gc
import random
import threading
from collections.abc import Callable
from contextlib import ContextDecorator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

import structlog
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import utc_now
from app.core.config import Settings, get_settings
from app.core.errors import AppError, UnavailableError
from app.core.jobs import JobKind
from app.core.logging import configure_logging, get_logger
from app.core.resources import Resources
from app.core.telemetry import JOBS
from app.domain.enums import JobStatus
from app.repositories.job_repository import Claim, JobRepository

log = get_logger(__name__)

FIRST_RETRY_S: Final = 5
LONGEST_RETRY_S: Final = 600


class CancelledError(AppError):
    """Raised by a handler that saw the wish to cancel; what it committed so far stays."""

    code = "cancelled"


class LeaseLostError(AppError):
    """Another worker has taken the job over; this one must stop without writing."""

    code = "lease_lost"


@dataclass(slots=True)
class JobContext:
    """What a handler gets: its arguments, the process's resources, and a way to report."""

    claim: Claim
    resources: Resources
    _cancel: threading.Event = field(default_factory=threading.Event)
    _lost: threading.Event = field(default_factory=threading.Event)

    @property
    def sessions(self) -> sessionmaker[Session]:
        return self.resources.sessions

    def id(self, name: str) -> UUID:
        return UUID(self.claim.arguments[name])

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Write the progress; also the place where a wish to cancel or a lost lease ends the handler."""
        self.check()
        with self.sessions.begin() as session:
            JobRepository(session).report(self.claim, done, total, message)

    def check(self) -> None:
        if self._lost.is_set():
            raise LeaseLostError("Another worker has taken this job over.")
        if self._cancel.is_set():
            raise CancelledError("Cancelled on request.")


Handler = Callable[[JobContext], dict[str, Any]]
_handlers: dict[JobKind, Handler] = {}


def handles(kind: JobKind) -> Callable[[Handler], Handler]:
    """Register the handler of a kind. It must be safe to run twice, late, or from a checkpoint."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


@cache
def runtime() -> Resources:
    """The resources of this worker process, opened at the first job (after a fork, never before)."""
    settings = get_settings()
    configure_logging(settings.log_level)
    gc.freeze()  # what is loaded by now stays; looking through it again and again costs a fifth of an import's time
    return Resources.open(_of_workers(settings))


def _of_workers(settings: Settings) -> Settings:
    """A job may compute for minutes between two statements of one transaction, a request never."""
    patience = {"idle_transaction_timeout_ms": settings.jobs.idle_transaction_timeout_ms}
    return settings.model_copy(update={"database": settings.database.model_copy(update=patience)})


def execute(job_id: UUID, resources: Resources) -> bool:
    """Run a job if it is free and due; True when it was run here."""
    lease = timedelta(seconds=resources.settings.jobs.lease_s)
    with resources.sessions.begin() as session:
        claim = JobRepository(session).claim(job_id, utc_now(), lease)
    if claim is None:
        return False
    structlog.contextvars.bind_contextvars(job_id=str(job_id), kind=claim.kind)
    context = JobContext(claim, resources)
    with _Outcome(context) as outcome, _Heartbeat(context, lease):
        outcome.result = _handlers[claim.kind](context)
    structlog.contextvars.clear_contextvars()
    return True


class _Outcome(ContextDecorator):
    """Writes how the job ended. The edge of the process: whatever a handler raises becomes a state of the row."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self.result: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None and not isinstance(error, Exception):
            return False
        if isinstance(error, LeaseLostError):
            log.warning("job.lease_lost")
            return True
        with self._context.sessions.begin() as session:
            name = self._write(JobRepository(session), error)
        JOBS.labels(self._context.claim.kind, name).inc()
        log.info("job.ended", outcome=name, exc_info=error if name in ("failed", "retried") else None)
        return True

    def _write(self, jobs: JobRepository, error: Exception | None) -> str:
        claim, now = self._context.claim, utc_now()
        if error is None:
            jobs.finish(claim, JobStatus.SUCCEEDED, now, result=self.result, error=None)
            return JobStatus.SUCCEEDED
        if isinstance(error, CancelledError):
            jobs.finish(claim, JobStatus.CANCELLED, now, error=error.detail)
            return JobStatus.CANCELLED
        may_pass = isinstance(error, UnavailableError) or not isinstance(error, AppError)
        final = not may_pass or claim.attempt >= self._context.resources.settings.jobs.max_attempts
        message = error.detail if isinstance(error, AppError) else f"Unexpected {type(error).__name__}; see the log."
        if final:
            jobs.finish(claim, JobStatus.FAILED, now, error=message)
            return JobStatus.FAILED
        jobs.retry_later(claim, now + max(_backoff(claim.attempt), _wished_pause(error)), message)
        return "retried"


def _backoff(attempt: int) -> timedelta:
    ceiling = min(LONGEST_RETRY_S, FIRST_RETRY_S * 2 ** (attempt - 1))
    return timedelta(seconds=random.uniform(ceiling / 2, ceiling))  # noqa: S311  # jitter


def _wished_pause(error: Exception) -> timedelta:
    """What an error asks for by `Retry-After`, within reason."""
    wished = error.headers.get("Retry-After", "0") if isinstance(error, UnavailableError) else "0"
    return timedelta(seconds=min(LONGEST_RETRY_S, int(wished)))


class _Heartbeat:
    """Extends the lease from a thread, so that a long step inside a handler keeps the job."""

    def __init__(self, context: JobContext, lease: timedelta) -> None:
        self._context, self._lease = context, lease
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="job-heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._stop.wait(self._lease.total_seconds() / 4):
            with self._context.sessions.begin() as session:
                state = JobRepository(session).extend(self._context.claim, utc_now() + self._lease)
            if state is None:
                self._context._lost.set()  # noqa: SLF001  # the other half of the same mechanism
                return
            if not state:
                self._context._cancel.set()  # noqa: SLF001
