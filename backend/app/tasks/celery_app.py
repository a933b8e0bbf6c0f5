"""The worker: `celery -A app.tasks.celery_app worker`. One task runs every kind of job by its row."""

from uuid import UUID

import kombu

from app.core.config import get_settings
from app.core.jobs import RUN_JOB, SWEEP, VISIBILITY_TIMEOUT_S, Queue, make_celery
from app.tasks import (  # noqa: F401  # they register handlers
    analytics_tasks,
    maintenance_tasks,
    practice_tasks,
    question_processing,
)
from app.tasks.runtime import execute, runtime
from app.tasks.sweep import due_jobs

celery_app = make_celery(get_settings().redis, get_settings().jobs)
# Without -Q a worker serves every queue; `-Q imports` starts one for imports alone.
celery_app.conf.task_queues = tuple(kombu.Queue(queue.value) for queue in Queue)


@celery_app.task(name=RUN_JOB)
def run_job(job_id: str) -> None:
    """Safe to deliver twice, late, or never: the lease in the row decides."""
    execute(UUID(job_id), runtime())


@celery_app.task(name=SWEEP, time_limit=VISIBILITY_TIMEOUT_S // 2)
def sweep() -> None:
    resources = runtime()
    for job_id, queue in due_jobs(resources):
        resources.doorbell.ring(job_id, queue)
