"""The process that reads a file: what it gives, and that it cannot take the import down with it."""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.formats.pipeline import checked_events
from app.formats.reading import Problem, Progress, Source
from app.formats.registry import reader_named
from app.formats.report import correct_texts
from app.services import import_limits
from app.services.import_events import ReadDraft, ReadEvent, ReadMedia
from app.services.import_reading import FileReading
from tests.conftest import ROOT
from tests.factories.imports import csv_file, csv_rows, json_file, moodle_file, png
from tests.factories.papers import docx_file, pdf_file, picture_file, pictures_of, rows, scanned
from tests.unit.domain.question_samples import sample_drafts


def read(path: Path, content: bytes, name: str = "bank.csv") -> tuple[FileReading, list[ReadEvent]]:
    file = path / name
    file.write_bytes(content)
    with file.open("rb") as stream, FileReading(name, stream, "auto") as reading:
        return reading, list(reading)


def test_every_type_of_question_arrives_as_it_was_read(tmp_path: Path) -> None:
    content = json_file(sample_drafts())
    here = list(checked_events(reader_named("json"), Source.of_bytes("bank.json", content)))
    reading, events = read(tmp_path, content, "bank.json")
    assert [event.draft if isinstance(event, ReadDraft) else event for event in events] == here
    assert (reading.format, reading.total, reading.is_broken) == ("json", len(sample_drafts()), False)


@pytest.mark.parametrize("name", ["bank.csv", "bank.xlsx", "paper.pdf", "bank"])
@pytest.mark.parametrize("content", [b"", b" \r\n\n"])
def test_an_empty_file_is_called_empty(tmp_path: Path, name: str, content: bytes) -> None:
    _, (event,) = read(tmp_path, content, name)
    assert isinstance(event, Problem)
    assert event.message == "The file is empty."


def test_files_arrive_before_the_question_that_shows_them(tmp_path: Path) -> None:
    file = tmp_path / "bank.xml"
    file.write_bytes(moodle_file(picture := png()))
    with file.open("rb") as stream, FileReading("bank.xml", stream, "auto") as reading:
        media, question = list(reading)
        assert isinstance(media, ReadMedia)
        assert media.content() == picture
    assert isinstance(question, ReadDraft)
    assert question.draft.media[0].sha256 == media.note.sha256 == hashlib.sha256(picture).hexdigest()
    assert reading.total == 1


@pytest.mark.parametrize(
    ("limit", "value"), [("MEMORY_BYTES", 300 * 1024 * 1024), ("LONGEST_CPU_S", 0), ("OUTPUT_BYTES", 10_000)]
)
def test_a_reader_that_takes_too_much_ends_as_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(import_limits, limit, value)
    huge = b"\n".join([csv_file(*csv_rows(300)), b",".join([b'"' + b"x" * 90_000_000 + b'"'] * 2)])
    reading, events = read(tmp_path, huge if limit == "MEMORY_BYTES" else csv_file(*csv_rows(300)))
    problem = events[-1]
    assert isinstance(problem, Problem)
    assert (problem.code, reading.is_broken) == ("E_TOO_LARGE", True)


def test_whoever_waits_may_stop_the_reading(tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    file.write_bytes(csv_file(*csv_rows(10)))

    def stop() -> None:
        raise TimeoutError

    reading = FileReading("bank.csv", (stream := file.open("rb")), "auto", waiting=stop)
    with stream, pytest.raises(TimeoutError), reading:
        list(reading)
    assert reading._child.returncode is not None


def test_the_reader_knows_no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_SECRET_KEY", "canary")
    file, seen = tmp_path / "bank.csv", b""
    file.write_bytes(csv_file(*csv_rows(1)))

    def look() -> None:
        nonlocal seen
        seen += Path(f"/proc/{reading._child.pid}/environ").read_bytes()

    with file.open("rb") as stream, FileReading("bank.csv", stream, "auto", waiting=look) as reading:
        list(reading)
    assert b"PYTHONPATH" in seen
    assert b"canary" not in seen


WORKER = """
import sys, time
from app.services.import_reading import FileReading
with open(sys.argv[1], "rb") as stream, FileReading("bank.csv", stream, "auto") as reading:
    print(reading._child.pid, flush=True)
    time.sleep(60)
"""


def test_a_killed_worker_takes_its_reader_along(tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    file.write_bytes(csv_file(*csv_rows(60_000)))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
    worker = subprocess.Popen([sys.executable, "-c", WORKER, file], stdout=subprocess.PIPE, env=environment)
    with worker:
        assert worker.stdout is not None
        reader = Path(f"/proc/{int(worker.stdout.readline())}/stat")
        worker.kill()
    deadline = time.monotonic() + 30
    while reader.exists() and ") Z " not in reader.read_text():
        assert time.monotonic() < deadline, "the reader lives on"
        time.sleep(0.05)


OPTIONS = "A. Rome\nB. Paris\nC. Bern"
PAPER = f"1. Capital of France?\n{OPTIONS}\n2. Capital of Italy?\n{OPTIONS}\nAnswers: 1-B, 2-A"


@pytest.mark.parametrize(
    ("name", "content", "pages"),
    [
        ("paper.docx", docx_file(PAPER), None),
        ("paper.pdf", pdf_file(rows(PAPER), rows("Turn over")), Progress(2, 2)),
        ("scan.pdf", scanned(pictures_of(pdf_file(rows(PAPER)))), Progress(1, 1)),
        ("photo.png", picture_file(pictures_of(pdf_file(rows(PAPER)))[0]), None),
        ("paper.txt", PAPER.encode(), None),
    ],
)
def test_papers_are_read_within_the_limits(tmp_path: Path, name: str, content: bytes, pages: Progress | None) -> None:
    reading, events = read(tmp_path, content, name)
    found = [event.draft for event in events if isinstance(event, ReadDraft)]
    assert [correct_texts(draft) for draft in found] == [["Paris"], ["Rome"]]
    assert (reading.pages, reading.is_broken) == (pages, False)
