"""Workers that are killed in the middle of an import leave exactly what an undisturbed one leaves.

The whole proof is `pytest tests/load/test_import_kill.py --import-size 50000 --import-kills 20`.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Engine
from sqlalchemy.orm import sessionmaker

from app.core.jobs import JobKind
from app.domain.enums import Role
from app.integrations.storage import LocalFileStore
from app.repositories.job_repository import JobRepository
from tests.conftest import ROOT, SECRET
from tests.factories.imports import Desk, csv_file, csv_row, csv_rows
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, make_user

pytestmark = [pytest.mark.own_database, pytest.mark.timeout(1800)]

PATIENCE_S = 120
CHUNK = 500
FEW = csv_file(*csv_rows(1_200))
# Everything that an import leaves behind, without ids and times.
LEFT = """
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
    SELECT concat_ws('|', q.content_hash, q.stem_hash, q.stem_text, q.type, q.status, q.namespace, q.external_id,
                     q.version, q.revision, v.number, v.content ->> 'stem', s.name, p.prior) AS line
    FROM questions q JOIN question_versions v ON v.question_id = q.id JOIN question_keys k ON k.version_id = v.id
    JOIN item_parameters p ON p.id = q.id JOIN question_skills l ON l.question_id = q.id
    JOIN skills s ON s.id = l.skill_id WHERE q.subject_id = :subject_id
    UNION ALL
    SELECT concat_ws('|', r.n, r.outcome, r.code, r.severity, r.message, r.location, r.text, q.content_hash)
    FROM import_rows r LEFT JOIN questions q ON q.id = r.question_id WHERE r.import_id = :import_id
    UNION ALL
    SELECT concat_ws('|', number, outcome) FROM import_chunks WHERE import_id = :import_id
    UNION ALL
    SELECT concat_ws('|', outcome, format, committed_at IS NOT NULL) FROM import_jobs WHERE id = :import_id
) lines
"""


def bank_of(size: int) -> bytes:
    """With an error, repetitions, an id that stands twice, and a question in other words."""
    odd = [",,A,x,y,z", *csv_rows(5), csv_row(size, name="q"), csv_row(size + 1, name="q")]
    return csv_file(*csv_rows(size - 9), *odd, ",So tell: what is 7 + 1?,A,8,7,none,,,")


class World:
    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.sessions = sessionmaker(engine, expire_on_commit=False)

    def desk(self) -> Desk:
        with self.sessions.begin() as session:
            actor = actor_of(make_user(session, role=Role.ADMIN))
            return Desk(self.sessions, LocalFileStore(self.folder), actor, make_subject(session).id)

    def asked(self, desk: Desk, content: bytes) -> UUID:
        import_id = desk.add(content, "bank.csv")
        with self.sessions.begin() as session:
            JobRepository(session).enqueue(JobKind.IMPORT_QUESTIONS, import_id=str(import_id))
        return import_id

    def worker(self, *faults: str) -> subprocess.Popen[bytes]:
        settings = {
            "APP_DATABASE__URL": self.engine.url.render_as_string(hide_password=False),
            "APP_SECRET_KEY": SECRET,
            "APP_FILES__DIRECTORY": str(self.folder),
            "PYTHONPATH": f"{ROOT / 'backend'}{os.pathsep}{ROOT}",
        }
        command = [sys.executable, "-m", "tests.load.import_worker", *faults]
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log, cwd=ROOT)

    def chunks(self, import_id: UUID) -> dict[int, Any]:
        """When each chunk was stored."""
        statement = text("SELECT number, committed_at FROM import_chunks WHERE import_id = :id")
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(statement, {"id": import_id})}

    def job(self) -> tuple[str, int, str | None]:
        """Status, number of starts and error of the import."""
        statement = text("SELECT status, attempts, error FROM jobs WHERE kind = 'import_questions'")
        with self.engine.connect() as connection:
            status, attempts, error = connection.execute(statement).one()
        return status, attempts, error

    def let_the_lease_run_out(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(text("UPDATE jobs SET lease_until = now() WHERE status = 'running'"))

    def left_by(self, desk: Desk, import_id: UUID) -> str:
        with self.engine.connect() as connection:
            arguments = {"subject_id": desk.subject_id, "import_id": import_id}
            return str(connection.execute(text(LEFT), arguments).scalar())


@pytest.fixture
def world(own_database_url: URL, tmp_path: Path) -> Iterator[World]:
    engine = create_engine(own_database_url)
    yield World(engine, tmp_path)
    engine.dispose()


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.02)


def finish(world: World, *faults: str) -> tuple[str, int, str | None]:
    """How the job ended once nobody kills its worker any more."""
    worker = world.worker(*faults)
    wait_until(lambda: world.job()[0] not in ("queued", "running") or worker.poll() is not None)
    worker.terminate()
    worker.wait(timeout=20)
    return world.job()


def test_killed_workers_leave_what_an_undisturbed_one_leaves(world: World, pytestconfig: pytest.Config) -> None:
    size, kills = pytestconfig.getoption("--import-size"), pytestconfig.getoption("--import-kills")
    clean, rng = world.desk(), random.Random(20_260_301)
    whole = clean.add(bank_of(size), "bank.csv")
    assert clean.work(whole).counts["near_duplicate"] == 1
    desk = world.desk()
    import_id = world.asked(desk, bank_of(size))
    stored: dict[int, Any] = {}
    for kill in range(kills):
        chunks = size // CHUNK
        enough = min(chunks - 1, len(stored) + rng.randint(0, 2 * chunks // (3 * kills)))
        worker = world.worker()
        wait_until(lambda: world.job()[1] == kill + 1 and len(world.chunks(import_id)) >= enough)  # noqa: B023
        time.sleep(rng.uniform(0, 0.4))
        worker.kill()
        worker.wait()
        now = world.chunks(import_id)
        assert stored.items() <= now.items(), "a stored chunk was stored again"
        stored = now
        world.let_the_lease_run_out()
    status, attempts, error = finish(world)
    assert (status, attempts, error) == ("succeeded", kills + 1, None)
    assert stored.items() <= world.chunks(import_id).items()
    assert world.left_by(desk, import_id) == world.left_by(clean, whole)


@pytest.mark.parametrize("fault", ["early_checkpoint", "no_checkpoint"])
def test_the_comparison_notices_a_worker_that_forgets(world: World, fault: str) -> None:
    clean = world.desk()
    whole = clean.add(FEW, "bank.csv")
    clean.work(whole)
    desk = world.desk()
    import_id = world.asked(desk, FEW)
    with world.engine.begin() as connection:
        connection.execute(text("ALTER TABLE import_rows DROP CONSTRAINT pk_import_rows"))
    worker = world.worker(fault)
    worker.wait(timeout=PATIENCE_S)
    world.let_the_lease_run_out()
    assert finish(world)[0] == "succeeded"
    assert world.left_by(desk, import_id) != world.left_by(clean, whole)
