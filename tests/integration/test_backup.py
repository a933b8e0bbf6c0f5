"""A backup brought back into an empty database is the same database."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.models import Question
from tests.conftest import ROOT, SECRET, migrate
from tests.factories.questions import make_questions
from tests.factories.subjects import make_skill, make_subject


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
