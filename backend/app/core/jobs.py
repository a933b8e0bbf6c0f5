"""Kinds of background work, and the doorbell that tells a worker about a new row of `jobs`.

The row is the truth. A lost message costs a delay until the sweep, never the work.
"""

from enum import StrEnum
from typing import Final
from uuid import UUID

from celery import Celery
from kombu.exceptions import OperationalError

from app.core.config import JobSettings, RedisSettings
from app.core.logging import get_logger

log = get_logger(__name__)

RUN_JOB: Final = "run_job"
SWEEP: Final = "sweep"
VISIBILITY_TIMEOUT_S: Final = 120


class JobKind(StrEnum):
    IMPORT_QUESTIONS = "import_questions"
    UNDO_IMPORT = "undo_import"
    CUT_PAGES = "cut_pages"
    EXPORT_QUESTIONS = "export_questions"
    MAKE_PROPOSALS = "make_proposals"
    GUESS_DIFFICULTIES = "guess_difficulties"
    CALIBRATE_ITEMS = "calibrate_items"
    EMBED_QUESTIONS = "embed_questions"
    REINDEX_QUESTIONS = "reindex_questions"
    CHECK_INDEX = "check_index"
    PREDICT_DIFFICULTIES = "predict_difficulties"
    SCAN_DUPLICATES = "scan_duplicates"
    PROPOSE_SKILLS = "propose_skills"
    FIT_STUDENT_MODEL = "fit_student_model"
    FIT_REVIEW_MEMORY = "fit_review_memory"
    CLEAN_UP = "clean_up"
    FINISH_EXAMS = "finish_exams"


class Queue(StrEnum):
    DEFAULT = "default"
    IMPORTS = "imports"
    AI = "ai"
    ANALYTICS = "analytics"


QUEUES: Final = {
    JobKind.IMPORT_QUESTIONS: Queue.IMPORTS,
    JobKind.UNDO_IMPORT: Queue.IMPORTS,
    JobKind.CUT_PAGES: Queue.IMPORTS,
    JobKind.EXPORT_QUESTIONS: Queue.IMPORTS,
    JobKind.MAKE_PROPOSALS: Queue.AI,
    JobKind.GUESS_DIFFICULTIES: Queue.AI,
    JobKind.CALIBRATE_ITEMS: Queue.ANALYTICS,
    JobKind.EMBED_QUESTIONS: Queue.AI,
    JobKind.REINDEX_QUESTIONS: Queue.AI,
    JobKind.CHECK_INDEX: Queue.AI,
    JobKind.PREDICT_DIFFICULTIES: Queue.ANALYTICS,
    JobKind.SCAN_DUPLICATES: Queue.AI,
    JobKind.PROPOSE_SKILLS: Queue.AI,
    JobKind.FIT_STUDENT_MODEL: Queue.ANALYTICS,
    JobKind.FIT_REVIEW_MEMORY: Queue.ANALYTICS,
    JobKind.CLEAN_UP: Queue.DEFAULT,
    JobKind.FINISH_EXAMS: Queue.DEFAULT,
}


def make_celery(redis: RedisSettings, jobs: JobSettings) -> Celery:
    """The one Celery configuration, for the workers and for whoever rings.

    Acknowledging late alone loses the tasks of a killed worker for good, and the transport restores them only after
    the visibility time-out; the sweep over `jobs` is what bounds the delay.
    """
    celery = Celery("studium", broker=redis.url or "memory://")
    celery.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        worker_prefetch_multiplier=1,
        task_default_queue=Queue.DEFAULT.value,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_TIMEOUT_S,
            "unacked_restore_interval": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 1,
            "max_retries": 1,
        },
        beat_schedule={SWEEP: {"task": SWEEP, "schedule": jobs.sweep_s, "options": {"expires": jobs.sweep_s}}},
        worker_hijack_root_logger=False,
    )
    return celery


class Doorbell:
    """Tells a worker that a job waits; without Redis nobody is told and the relay finds the row by itself."""

    def __init__(self, redis: RedisSettings, jobs: JobSettings) -> None:
        self._celery = make_celery(redis, jobs) if redis.url else None

    def ring(self, job_id: UUID, queue: str) -> None:
        if self._celery is None:
            return
        try:
            self._celery.send_task(RUN_JOB, args=[str(job_id)], queue=queue, retry=False)
        except (OperationalError, OSError) as error:
            log.warning("doorbell.lost", job_id=str(job_id), error=type(error).__name__)
