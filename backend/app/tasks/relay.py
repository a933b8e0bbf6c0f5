"""`python -m app.tasks.relay`: where there is no Redis, looks at the table of jobs instead of waiting for messages."""

import signal
import threading

from sqlalchemy.exc import OperationalError

from app.core.logging import get_logger
from app.tasks import (  # noqa: F401  # they register handlers
    analytics_tasks,
    maintenance_tasks,
    practice_tasks,
    question_processing,
)
from app.tasks.runtime import execute, runtime
from app.tasks.sweep import due_jobs

log = get_logger(__name__)

POLL_S = 1.0


def main() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    resources = runtime()
    log.info("relay.started")
    while not stop.is_set():
        try:
            for job_id, _ in due_jobs(resources):
                execute(job_id, resources)
        except OperationalError as error:
            log.warning("relay.database_away", error=type(error.orig).__name__)
        stop.wait(POLL_S)


if __name__ == "__main__":
    main()
