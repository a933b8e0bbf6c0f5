"""Jobs on a database that really commits: leases, retries, cancelling, lost messages."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.engine import URL

from app.core.clock import utc_now
from app.core.config import JobSettings
from app.core.errors import ConflictError
from app.core.jobs import JobKind
from app.core.resources import Resources
from app.domain.enums import JobStatus
from app.models import Job
from app.repositories.job_repository import JobRepository
from app.tasks import maintenance_tasks, runtime
from app.tasks.runtime import JobContext, execute
from app.tasks.sweep import due_jobs
from tests.conftest import make_settings, migrate

KIND = JobKind.CLEAN_UP


@pytest.fixture
def own(empty_database_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    migrate(empty_database_url)
    settings = make_settings(
        empty_database_url, tmp_path_factory.mktemp("files"), jobs=JobSettings(lease_s=5, max_attempts=2)
    )
    resources = Resources.open(settings)
    yield resources
    resources.close()


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> list[JobContext]:
    """A handler that only notes that it ran; tests replace it by their own."""
    calls: list[JobContext] = []

    def note(context: JobContext) -> dict[str, object]:
        calls.append(context)
        return {"calls": len(calls)}

    monkeypatch.setitem(runtime._handlers, KIND, note)
    return calls


def enqueue(resources: Resources) -> UUID:
    with resources.sessions.begin() as session:
        return JobRepository(session).enqueue(KIND).id


def read(resources: Resources, job_id: UUID) -> Job:
    with resources.sessions() as session:
        return session.get_one(Job, job_id)


def test_a_job_runs_once_however_often_it_is_delivered(own: Resources, handler: list[JobContext]) -> None:
    job_id = enqueue(own)
    assert [execute(job_id, own) for _ in range(3)] == [True, False, False]
    job = read(own, job_id)
    assert (job.status, job.result, len(handler)) == (JobStatus.SUCCEEDED, {"calls": 1}, 1)


def test_two_workers_at_once_run_it_once(own: Resources, handler: list[JobContext]) -> None:
    job_id = enqueue(own)
    threads = [threading.Thread(target=execute, args=(job_id, own)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(handler) == 1


def test_a_rolled_back_request_leaves_no_job(own: Resources) -> None:
    with own.sessions() as session:
        JobRepository(session).enqueue(KIND)
        session.rollback()
    assert own_due(own) == []


def own_due(resources: Resources) -> list[UUID]:
    """Waiting jobs without those of the time-table."""
    with resources.sessions.begin() as session:
        return [job_id for job_id, _ in JobRepository(session).due(utc_now())]


def test_a_lost_message_is_sent_again_after_a_while(own: Resources) -> None:
    job_id = enqueue(own)
    assert own_due(own) == [job_id]
    assert own_due(own) == []
    age(own, sent_at=utc_now() - timedelta(minutes=1))
    assert own_due(own) == [job_id]


def age(resources: Resources, **values: object) -> None:
    with resources.sessions.begin() as session:
        session.execute(update(Job).values(**values))


def test_the_work_of_a_dead_worker_is_taken_over(own: Resources, handler: list[JobContext]) -> None:
    job_id = enqueue(own)
    with own.sessions.begin() as session:
        dead = JobRepository(session).claim(job_id, utc_now(), timedelta(seconds=5))
    assert dead is not None
    assert not execute(job_id, own)
    age(own, lease_until=utc_now() - timedelta(seconds=1))
    assert job_id in own_due(own)
    assert execute(job_id, own)
    with own.sessions.begin() as session:
        assert not JobRepository(session).finish(dead, JobStatus.FAILED, utc_now())
    assert read(own, job_id).status == JobStatus.SUCCEEDED
    assert handler[0].claim.attempt == 2


def test_an_unexpected_error_is_retried_later_and_then_given_up(
    own: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: JobContext) -> dict[str, object]:
        raise RuntimeError("secret internals")

    monkeypatch.setitem(runtime._handlers, KIND, fail)
    job_id = enqueue(own)
    assert execute(job_id, own)
    waiting = read(own, job_id)
    assert waiting.status == JobStatus.QUEUED
    assert waiting.run_after > utc_now()
    assert "secret" not in (waiting.error or "")
    age(own, run_after=utc_now())
    assert execute(job_id, own)
    assert read(own, job_id).status == JobStatus.FAILED


def test_an_expected_error_is_final_and_says_why(own: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: JobContext) -> dict[str, object]:
        raise ConflictError("The file is gone.")

    monkeypatch.setitem(runtime._handlers, KIND, refuse)
    job_id = enqueue(own)
    execute(job_id, own)
    job = read(own, job_id)
    assert (job.status, job.error) == (JobStatus.FAILED, "The file is gone.")


def test_progress_is_seen_while_the_job_runs(own: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int, str]] = []

    def work(context: JobContext) -> dict[str, object]:
        context.progress(3, 10, "three of ten")
        job = read(own, context.claim.job_id)
        seen.append((job.progress_done, job.progress_total, job.message))
        return {}

    monkeypatch.setitem(runtime._handlers, KIND, work)
    execute(enqueue(own), own)
    assert seen == [(3, 10, "three of ten")]


def test_a_wish_to_cancel_ends_the_job_at_its_next_checkpoint(own: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(context: JobContext) -> dict[str, object]:
        context._cancel.set()
        context.progress(1, 2)
        raise AssertionError("went on after the wish to cancel")

    monkeypatch.setitem(runtime._handlers, KIND, work)
    job_id = enqueue(own)
    execute(job_id, own)
    assert read(own, job_id).status == JobStatus.CANCELLED


def test_the_time_table_writes_one_job_of_a_kind_however_many_sweep(own: Resources) -> None:
    threads = [threading.Thread(target=due_jobs, args=(own,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with own.sessions() as session:
        rows = session.execute(text("SELECT kind, count(*) FROM jobs GROUP BY kind")).all()
    assert {row.count for row in rows} == {1}


def test_the_clean_up_deletes_only_what_is_old(own: Resources) -> None:
    assert maintenance_tasks.clean_up is runtime._handlers[KIND]
    job_id = enqueue(own)
    execute(job_id, own)
    assert read(own, job_id).result == {"deleted": 0}
