"""A backup brought back into an empty database is the same database."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.core.resources import Resources
from app.domain.audit import AuditAction
from app.models import AuditEvent, Job, Question, SearchDocument, Subject
from app.tasks import analytics_tasks, maintenance_tasks, practice_tasks  # noqa: F401  # they register handlers
from app.tasks.runtime import execute
from app.tasks.schedule import EVERY
from app.tasks.sweep import due_jobs
from app.utils.ids import new_id
from tests.conftest import ROOT, SECRET, make_settings, migrate
from tests.factories.questions import make_questions
from tests.factories.subjects import make_skill, make_subject

SEARCHED = """
INSERT INTO search_documents (question_id, subject_id, revision, stemmer, public_text, options_text, public_words,
                              staff_words, has_image)
SELECT id, subject_id, 1, 'simple', 'Which?', '', 'which', '', false FROM questions
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'jobs'::regclass"


def script(url: URL, files: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "APP_DATABASE__URL": url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False),
        "APP_FILES__DIRECTORY": str(files),
        "APP_SECRET_KEY": SECRET,
    }
    command = [sys.executable, str(ROOT / "scripts/backup_db.py"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture
def filled(empty_database_url: URL) -> URL:
    migrate(empty_database_url)
    engine = create_engine(empty_database_url)
    with Session(engine) as session:
        subject = make_subject(session)
        make_questions(session, subject, 25, [make_skill(session, subject)])
        session.commit()
    engine.dispose()
    return empty_database_url


def go_back(url: URL, revision: str) -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url.render_as_string(hide_password=False)
    command.downgrade(config, revision)


def empty_again(url: URL) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


def test_a_restored_backup_is_the_same_and_goes_on(filled: URL, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    saved = script(filled, tmp_path / "files", "backup", str(first))
    assert saved.returncode == 0, saved.stderr
    empty_again(filled)
    restored = script(filled, tmp_path / "files", "restore", str(first))
    assert restored.returncode == 0, restored.stderr
    assert script(filled, tmp_path / "files", "backup", str(second)).returncode == 0
    assert json.loads((first / "manifest.json").read_text()) == json.loads((second / "manifest.json").read_text())
    engine = create_engine(filled)
    with Session(engine) as session:
        subject = make_subject(session)
        make_questions(session, subject, 1, [make_skill(session, subject)])
        assert session.query(Question.number).order_by(Question.number.desc()).first() == (26,)
    engine.dispose()


@pytest.fixture
def saved(filled: URL, tmp_path: Path) -> Path:
    """A backup of the filled database, which is new and empty again."""
    folder = tmp_path / "backup"
    assert script(filled, tmp_path / "files", "backup", str(folder)).returncode == 0
    empty_again(filled)
    migrate(filled)
    return folder


def work_and_knock(url: URL, files: Path) -> None:
    """What a new product does before anybody has an account: its time-table, and a login that fails."""
    resources = Resources.open(make_settings(url, files))
    for job_id, _ in due_jobs(resources):
        execute(job_id, resources)
    with resources.sessions.begin() as session:
        session.add(AuditEvent(action=AuditAction.LOGIN_FAILED, object_type="user", object_id=""))
    resources.close()


def test_what_a_new_product_does_by_itself_is_not_in_the_way(filled: URL, saved: Path, tmp_path: Path) -> None:
    work_and_knock(filled, tmp_path)
    restored = script(filled, tmp_path / "files", "restore", str(saved))
    assert restored.returncode == 0, restored.stderr
    engine = create_engine(filled)
    with Session(engine) as session:
        assert session.query(Question).count() == 25
        assert session.query(Job).count() == 0, "the jobs are those of the backup"
        assert session.query(AuditEvent.action).all() == [(AuditAction.LOGIN_FAILED,)]
    engine.dispose()


def test_what_somebody_made_is_in_the_way(filled: URL, saved: Path, tmp_path: Path) -> None:
    work_and_knock(filled, tmp_path)
    engine = create_engine(filled)
    with Session(engine) as session:
        make_subject(session)
        session.commit()
        jobs = session.query(Job).count()
        refused = script(filled, tmp_path / "files", "restore", str(saved))
        assert "is not empty" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert (session.query(Subject).count(), session.query(Job).count()) == (1, jobs)
    assert jobs >= len(EVERY)
    engine.dispose()


def test_a_backup_of_an_earlier_version_is_brought_forward(filled: URL, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    go_back(filled, "0019")
    engine = create_engine(filled)
    with engine.begin() as connection:
        connection.execute(text(SEARCHED))
    engine.dispose()
    assert script(filled, tmp_path / "files", "backup", str(folder)).returncode == 0
    empty_again(filled)
    migrate(filled)
    restored = script(filled, tmp_path / "files", "restore", str(folder))
    assert restored.returncode == 0, restored.stderr
    engine = create_engine(filled)
    with Session(engine) as session:
        assert session.query(SearchDocument.public_text, SearchDocument.sketch).all() == [("Which?", None)] * 25
    engine.dispose()


def test_a_writer_during_the_restore_waits_for_its_end(filled: URL, saved: Path, tmp_path: Path) -> None:
    engine = create_engine(filled)
    with engine.begin() as writer, ThreadPoolExecutor(1) as other:
        writer.execute(insert(Job).values(id=new_id(), kind="clean_up", queue="default"))
        restoring = other.submit(script, filled, tmp_path / "files", "restore", str(saved))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as observer:
            while not restoring.done() and not observer.scalar(text(WAITING)):
                pass
        writer.commit()
        assert restoring.result().returncode == 0, restoring.result().stderr
    with Session(engine) as session:
        assert (session.query(Question).count(), session.query(Job).count()) == (25, 0)
    engine.dispose()


def test_what_is_not_empty_is_not_overwritten(filled: URL, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    assert script(filled, tmp_path / "files", "backup", str(folder)).returncode == 0
    again = script(filled, tmp_path / "files", "backup", str(folder))
    assert "not empty" in again.stderr
    over = script(filled, tmp_path / "files", "restore", str(folder))
    assert "not empty" in over.stderr
    assert "Traceback" not in over.stderr


def test_a_damaged_backup_restores_nothing(filled: URL, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    assert script(filled, tmp_path / "files", "backup", str(folder)).returncode == 0
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"]["questions"]["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(manifest))
    empty_again(filled)
    restored = script(filled, tmp_path / "files", "restore", str(folder))
    assert "questions is damaged" in restored.stderr
    engine = create_engine(filled)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM questions")) == 0
    engine.dispose()
