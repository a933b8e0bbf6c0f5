"""Runs that are stopped, repeated, or happen at once."""

import threading
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session, sessionmaker

from app.domain.enums import Role
from app.integrations.storage import LocalFileStore
from app.models import ImportChunk, Question
from app.services import import_runner, import_things
from tests.factories.imports import Desk, ReadingHere, csv_file, csv_row, csv_rows
from tests.factories.papers import pdf_file, rows
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, make_user


class StopError(Exception):
    pass


@pytest.fixture(autouse=True)
def _small_chunks_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)
    monkeypatch.setattr(import_things, "CHUNK", 3)


@pytest.fixture
def desk(session: Session, sessions: sessionmaker[Session], tmp_path: Path) -> Desk:
    return new_desk(session, sessions, tmp_path)


def new_desk(session: Session, sessions: sessionmaker[Session], directory: Path) -> Desk:
    actor = actor_of(make_user(session, role=Role.ADMIN))
    subject_id = make_subject(session).id
    session.commit()
    return Desk(sessions, LocalFileStore(directory), actor, subject_id)


def stop_after(desk: Desk, chunks: int) -> None:
    """Let the next run fail once it has stored so many chunks."""
    left = [chunks]

    def progress(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise StopError

    desk.progress = progress


def told(desk: Desk, import_id: UUID) -> list[tuple[object, ...]]:
    """The rows of an import without ids."""
    return [(row.n, row.outcome, row.code, row.message, row.text) for row in desk.rows(import_id)]


FILE = csv_file(*csv_rows(4), ",,A,x,y,z", csv_row(2), csv_row(7, name="q7"), csv_row(8, name="q7"), *csv_rows(3, 20))


@pytest.mark.parametrize("chunks", range(1, 4))
def test_a_stopped_run_goes_on_where_it_was(
    desk: Desk, session: Session, sessions: sessionmaker[Session], tmp_path: Path, chunks: int
) -> None:
    clean = new_desk(session, sessions, tmp_path)
    whole = clean.add(FILE, "bank.csv")
    expected = clean.work(whole)
    import_id = desk.add(FILE, "bank.csv")
    stop_after(desk, chunks - 1)
    with pytest.raises(StopError):
        desk.work(import_id)
    stored = session.scalars(select(ImportChunk.committed_at).where(ImportChunk.import_id == import_id)).all()
    assert len(stored) == chunks
    desk.progress = lambda *_: None
    assert desk.work(import_id) == expected
    assert told(desk, import_id) == told(clean, whole)
    assert [q.content_hash for q in desk.questions()] == [q.content_hash for q in clean.questions()]


def test_the_progress_of_a_paper_is_that_of_its_pages_until_its_questions_come(desk: Desk) -> None:
    seen: list[tuple[object, ...]] = []
    desk.progress = lambda *told: seen.append(told)
    asked = "1. Capital of France?\nA. Rome\nB. Paris\nAnswer: B"
    desk.work(desk.add(pdf_file(rows(asked), rows("Turn over."), rows("The end.")), "paper.pdf"))
    assert [told[:2] for told in seen if told[2] == "Reading pages"] == [(1, 3), (2, 3), (3, 3)]
    assert seen[-1][:2] == (1, 1)


def test_a_finished_import_is_not_done_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = desk.add(FILE, "bank.csv")
    result = desk.work(import_id)
    monkeypatch.delattr(import_runner, "FileReading")
    assert desk.work(import_id) == result


def test_the_same_file_again_is_known_without_reading_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = desk.add(FILE, "bank.csv")
    counts = desk.work(first).counts
    before = [(question.id, question.revision) for question in desk.questions()]
    with monkeypatch.context() as patch:
        patch.delattr(import_runner, "FileReading")
        again = desk.add(FILE, "bank.csv")
        result = desk.work(again)
        third = desk.work(desk.add(FILE, "bank.csv", dry_run=True))
    assert result.counts == third.counts == Counter(identical=counts["new"] + counts["identical"], error=1)
    assert [(question.id, question.revision) for question in desk.questions()] == before
    assert [row.question_id for row in desk.rows(again)] == [row.question_id for row in desk.rows(first)]
    known = [(row.n, row.outcome, row.question_id) for row in desk.rows(again)]
    reading = desk.add(FILE, "renamed.csv")
    assert desk.work(reading).counts == result.counts
    assert [(row.n, row.outcome, row.question_id) for row in desk.rows(reading)] == known


@pytest.mark.parametrize("is_deleted", [True, False])
def test_a_file_is_read_again_once_somebody_touched_its_questions(
    desk: Desk, session: Session, *, is_deleted: bool
) -> None:
    desk.work(desk.add(FILE, "bank.csv"))
    question = session.get_one(Question, desk.questions()[0].id)
    if is_deleted:
        session.delete(question)
    else:
        question.revision += 1
        question.content_hash = "0" * 64
    session.commit()
    assert desk.outcome(FILE, "bank.csv")["new"] == 1


def test_another_wish_is_no_repetition(desk: Desk) -> None:
    first = desk.add(csv_file(csv_row(1, name="q")), "bank.csv")
    desk.work(first)
    assert desk.outcome(csv_file(csv_row(1, name="q")), "bank.csv", skill="Other") == {"identical": 1}
    assert [row.message for row in desk.rows(first)] == [""]


@pytest.mark.own_database
def test_two_imports_of_the_same_questions_at_once(own_database_url: URL, tmp_path: Path) -> None:
    engine = create_engine(own_database_url)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions() as session:
        desk = new_desk(session, sessions, tmp_path)
    files = [csv_file(*csv_rows(12)), csv_file(*reversed(csv_rows(12)))]
    imports = [desk.add(content, f"{number}.csv") for number, content in enumerate(files)]
    start, counts = threading.Barrier(2), Counter[str]()

    def run(number: int) -> None:
        start.wait(timeout=10)
        counts.update(desk.work(imports[number]).counts)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert counts == {"new": 12, "identical": 12}
    assert len(desk.questions()) == 12
    engine.dispose()
