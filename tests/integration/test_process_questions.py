"""The command for imports, run as an operator runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.domain.enums import Role
from app.models import Question
from tests.conftest import ROOT, SECRET
from tests.factories.imports import csv_file, csv_row, csv_rows
from tests.factories.users import make_user

DATABASE = ("APP_DATABASE__URL", "DATABASE_URL")


class Command:
    def __init__(self, folder: Path, url: URL | None = None) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name not in DATABASE}
        self.environment |= {"APP_SECRET_KEY": SECRET, "APP_FILES__DIRECTORY": str(folder / "files")}
        if url is not None:
            self.environment["DATABASE_URL"] = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        script = ROOT / "scripts" / "process_questions.py"
        command = [sys.executable, str(script), *map(str, arguments), "--subject", "sums"]
        command += ["--report", str(self.folder / "report.json"), "--data-dir", str(self.folder)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def outcomes(self, *arguments: str | Path) -> list[dict[str, int]]:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return [entry["outcome"] for entry in self.report()]

    def report(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = json.loads((self.folder / "report.json").read_bytes())["files"]
        return entries


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_bytes(csv_file(*csv_rows(3), csv_row(9, name="q"), ",,A,x,y,z"))
    second.write_bytes(csv_file(*csv_rows(5), csv_row(10, name="q")))
    return [first, second]


FIRST = {"new": 4, "changed": 0, "identical": 0, "near_duplicate": 0, "error": 1}
SECOND = {"new": 2, "changed": 1, "identical": 3, "near_duplicate": 0, "error": 0}


@pytest.mark.own_database
def test_a_dry_run_with_and_without_a_database_foretells_the_import(
    own_database_url: URL, tmp_path: Path, files: list[Path]
) -> None:
    engine = create_engine(own_database_url)
    with Session(engine) as session:
        make_user(session, role=Role.ADMIN)
        session.commit()
    with_database, without = Command(tmp_path, own_database_url), Command(tmp_path)
    assert without.outcomes(*files, "--dry-run") == [FIRST, SECOND]
    assert with_database.outcomes(*files, "--dry-run") == [FIRST, SECOND]
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 0
    assert with_database.outcomes(*files) == [FIRST, SECOND]
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 6
    engine.dispose()


@pytest.mark.own_database
def test_a_file_with_an_error_is_refused_whole_if_that_was_asked_for(
    own_database_url: URL, tmp_path: Path, files: list[Path]
) -> None:
    engine = create_engine(own_database_url)
    with Session(engine) as session:
        make_user(session, role=Role.ADMIN)
        session.commit()
    done = Command(tmp_path, own_database_url).run(*files, "--all-or-nothing")
    assert done.stdout.startswith("There is no subject sums yet")
    assert (done.returncode, done.stdout.count("nothing is stored")) == (1, 1)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 6  # of the second file
    engine.dispose()


def test_tables_of_others_are_read_by_their_columns(tmp_path: Path) -> None:
    table = tmp_path / "fragen.csv"
    table.write_text("Wie viel ist 1 + 1?;zwei;eins;zwei\nUnd 2 + 2?;vier;vier;drei\n", encoding="utf-8")
    command, columns = Command(tmp_path), '{"question": 0, "answer": 1, "option_a": 2, "option_b": 3}'
    command.outcomes(table, "--dry-run", "--columns", columns, "--no-header")
    assert [question["correct"] for question in command.report()[0]["questions"]] == [["zwei"], ["vier"]]
    wrong = command.run(table, "--dry-run", "--columns", '{"question": [1]}')
    assert (wrong.returncode, "columns look like" in wrong.stderr) == (2, True)


def test_files_that_cannot_be_read_are_reported_and_the_others_read(tmp_path: Path, files: list[Path]) -> None:
    (tmp_path / "noise.bin").write_bytes(bytes([0, 200, 3, 255]) * 500)
    odd = os.fsdecode(bytes(tmp_path) + b"/\xff.gift")
    Path(odd).write_text("Is it so? {T}", encoding="utf-8")
    command = Command(tmp_path)
    done = command.run(tmp_path / "noise.bin", tmp_path / "missing.csv", odd, files[0], "--dry-run")
    assert (done.returncode, done.stderr) == (1, "")
    entries = command.report()
    assert [entry["count"] for entry in entries] == [0, 0, 1, 4]
    assert [[error["code"] for error in entry["errors"]] for entry in entries[:2]] == [["E_UNKNOWN_FORMAT"]] * 2
    assert [question["correct"] for question in entries[3]["questions"][:3]] == [["2"], ["3"], ["4"]]


def test_a_folder_stands_for_its_files_and_errors_are_named_where_one_looks(tmp_path: Path, files: list[Path]) -> None:
    inside = tmp_path / "bank" / "older"
    inside.mkdir(parents=True)
    (tmp_path / "bank" / ".hidden").write_bytes(files[0].read_bytes())
    moved = [file.rename(inside / file.name) for file in files]
    command = Command(tmp_path)
    done = command.run(tmp_path / "bank", "--dry-run")
    assert [entry["file"] for entry in command.report()] == [*map(str, moved)]
    assert "\n  row 5, line 6: E_EMPTY_STEM " in done.stdout


def test_only_the_first_errors_are_printed(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(csv_file(*[",,A,x,y,z"] * 7))
    printed = Command(tmp_path).run(file, "--dry-run").stdout
    assert printed.count(": E_") == 5
    assert "and 2 more" in printed


def test_without_a_database_nothing_is_imported(tmp_path: Path, files: list[Path]) -> None:
    done = Command(tmp_path).run(files[0])
    assert done.returncode == 1
    assert "No database" in done.stderr
    wrong = Command(tmp_path).run(files[0], "--format", "magic", "--dry-run")
    assert (wrong.returncode, "invalid choice" in wrong.stderr) == (2, True)
