"""A real Celery worker on a real Redis: the doorbell rings, and what it loses comes back by the sweep."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import redis
from sqlalchemy import update
from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.config import RedisSettings
from app.core.jobs import JobKind
from app.core.resources import Resources
from app.domain.enums import JobStatus
from app.models import Job
from app.repositories.job_repository import JobRepository
from app.tasks.sweep import due_jobs
from tests.conftest import ROOT, SECRET, make_settings, migrate

PATIENCE_S = 60


@pytest.fixture
def redis_url() -> str:
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        pytest.skip("there is no redis-server on this machine")
    # A database of its own for each process of the run: they share the server, and one test here empties it.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return f"{url.rsplit('/', 1)[0] if url.count('/') > 2 else url}/{1 + int(worker)}"


@pytest.fixture
def resources(empty_database_url: URL, redis_url: str, tmp_path: Path) -> Iterator[Resources]:
    migrate(empty_database_url)
    resources = Resources.open(make_settings(empty_database_url, tmp_path, redis=RedisSettings(url=redis_url)))
    yield resources
    resources.close()


@contextlib.contextmanager
def worker(resources: Resources, tmp_path: Path) -> Iterator[None]:
    environment = os.environ | {
        "APP_DATABASE__URL": resources.settings.database.url.get_secret_value(),
        "APP_REDIS__URL": resources.settings.redis.url,
        "APP_SECRET_KEY": SECRET,
        "PYTHONPATH": str(ROOT / "backend"),
    }
    command = [sys.executable, "-m", "celery", "-A", "app.tasks.celery_app", "worker", "-c", "1", "-P", "solo"]
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def enqueue(resources: Resources) -> UUID:
    with resources.sessions.begin() as session:
        return JobRepository(session).enqueue(JobKind.CLEAN_UP).id


def status_of(resources: Resources, job_id: UUID) -> str:
    with resources.sessions() as session:
        return session.get_one(Job, job_id).status


def wait_until_done(resources: Resources, *job_ids: UUID) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while any(status_of(resources, job_id) != JobStatus.SUCCEEDED for job_id in job_ids):
        assert time.monotonic() < deadline, [status_of(resources, job_id) for job_id in job_ids]
        time.sleep(0.1)


def test_a_committed_job_rings_and_is_run(resources: Resources, tmp_path: Path) -> None:
    waiting = enqueue(resources)
    with worker(resources, tmp_path):
        wait_until_done(resources, waiting)
        wait_until_done(resources, *(enqueue(resources) for _ in range(3)))


def test_an_emptied_redis_loses_no_job(resources: Resources, redis_url: str, tmp_path: Path) -> None:
    jobs = [enqueue(resources) for _ in range(3)]
    redis.Redis.from_url(redis_url).flushdb()
    with resources.sessions.begin() as session:
        session.execute(update(Job).values(sent_at=utc_now() - timedelta(minutes=1)))
    for job_id, queue in due_jobs(resources):
        resources.doorbell.ring(job_id, queue)
    with worker(resources, tmp_path):
        wait_until_done(resources, *jobs)


def test_a_request_succeeds_while_redis_is_away(empty_database_url: URL, tmp_path: Path) -> None:
    migrate(empty_database_url)
    nowhere = RedisSettings(url="redis://127.0.0.1:1/0", timeout_s=0.2)
    resources = Resources.open(make_settings(empty_database_url, tmp_path, redis=nowhere))
    job_id = enqueue(resources)
    assert status_of(resources, job_id) == JobStatus.QUEUED
    resources.limiter.hit("2/minute", "test", "somebody")
    resources.close()
