"""A vector server that is killed while it takes vectors in, and jobs that meet it gone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session, sessionmaker

from app.ai.vector_db.client import ChromaClient, VectorIndexError
from app.core.config import ChromaSettings, JobSettings
from app.core.jobs import JobKind
from app.core.resources import Resources
from app.domain.enums import JobStatus
from app.models import Job, SearchDocument
from app.repositories.job_repository import JobRepository
from app.services import index_work
from app.services.index_check import IndexCheck
from app.services.index_work import IndexWork
from app.services.semantic_tools import SemanticTools
from app.tasks import question_processing  # noqa: F401  # it registers the handlers
from app.tasks.runtime import execute
from tests.conftest import make_settings, migrate
from tests.factories.questions import make_question
from tests.factories.semantic import index_at, run_index, tools_of
from tests.factories.subjects import make_subject

STARTS_IN_S = 60.0
AT_ONCE = 4


class Server:
    """A Chroma server of its own, always at the same place."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder)]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [*self._command, "--port", str(self.port)]
        silence = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdout=silence, stderr=silence)  # our own
        ends = time.monotonic() + STARTS_IN_S
        while not self._listens():
            assert time.monotonic() < ends, "Chroma did not start"
            time.sleep(0.1)

    def kill(self) -> None:
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def tools(server: Server) -> Iterator[SemanticTools]:
    client = ChromaClient(server.url, timeout_s=10.0)
    yield tools_of(index=index_at(client))
    client.close()


def test_killed_in_the_middle_of_a_batch_nothing_is_half_indexed(
    session: Session,
    sessions: sessionmaker[Session],
    server: Server,
    tools: SemanticTools,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index_work, "QUESTIONS_AT_ONCE", AT_ONCE)
    subject = make_subject(session)
    questions = [make_question(session, subject) for _ in range(5 * AT_ONCE)]
    session.commit()
    server.start()

    def kill_early(done: int, _total: int, _message: str) -> None:
        if done == 2 * AT_ONCE:  # the second batch has just been handed over
            server.kill()

    with pytest.raises(VectorIndexError):
        IndexWork(sessions, tools, kill_early).run()
    indexed = select(func.count()).where(SearchDocument.indexed_revision > 0)
    assert (session.scalar(indexed) or 0) <= 2 * AT_ONCE
    server.start()
    again = run_index(sessions, tools)
    assert again.is_complete
    state = IndexCheck(sessions, tools).run(is_thorough=True)
    assert (state.missing, state.orphaned, state.stale) == (0, 0, 0)
    assert tools.index is not None
    assert set(tools.index.collections.ids(tools.questions)) == {question.id for question in questions}


@pytest.fixture
def own(empty_database_url: URL, server: Server, tmp_path: Path) -> Iterator[Resources]:
    migrate(empty_database_url)
    settings = make_settings(
        empty_database_url, tmp_path, chroma=ChromaSettings(url=server.url), jobs=JobSettings(lease_s=5, max_attempts=2)
    )
    resources = Resources.open(settings)
    yield resources
    resources.close()


def test_a_job_that_meets_no_server_is_tried_again_and_then_given_up_for_all_to_see(own: Resources) -> None:
    with own.sessions.begin() as session:
        make_question(session, make_subject(session))
        job_id = JobRepository(session).enqueue(JobKind.EMBED_QUESTIONS).id
    for expected in (JobStatus.QUEUED, JobStatus.FAILED):
        with own.sessions.begin() as session:
            session.get_one(Job, job_id).run_after = func.now()
        assert execute(job_id, own)
        with own.sessions() as session:
            job = session.get_one(Job, job_id)
        assert (job.status, job.error) == (expected, "The vector index does not answer; nothing is lost.")
    with own.sessions() as session:
        (document,) = session.scalars(select(SearchDocument))
    assert (document.embedded_revision, document.indexed_revision) == (1, 0)
