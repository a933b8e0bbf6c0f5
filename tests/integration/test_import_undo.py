from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import utc_now
from app.domain.enums import QuestionStatus, Role
from app.domain.permissions import Actor
from app.domain.question_draft import QuestionDraft
from app.integrations.storage import LocalFileStore
from app.models import ImportJob, ItemParameter, Question, QuestionVersion
from app.repositories import import_undo_repository
from app.repositories.import_undo_repository import ImportUndoRepository
from app.services import import_runner
from app.services.import_undo import ImportShownError, ImportUndo, UndoResult, refuse_shown
from app.services.question_service import Edit, QuestionService
from tests.factories.imports import Desk, ReadingHere, json_file
from tests.factories.questions import choice_draft, current_version
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, make_user


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)


@pytest.fixture
def actor(session: Session) -> Actor:
    return actor_of(make_user(session, role=Role.ADMIN))


@pytest.fixture
def desk(session: Session, sessions: sessionmaker[Session], actor: Actor, tmp_path: Path) -> Desk:
    subject_id = make_subject(session).id
    session.commit()
    return Desk(sessions, LocalFileStore(tmp_path), actor, subject_id)


def draft(name: str, **fields: Any) -> QuestionDraft:
    return choice_draft(external_id=name, **{"stem": f"Which? ({name})", **fields})


def undo(desk: Desk, import_id: UUID) -> UndoResult:
    return ImportUndo(desk.sessions, utc_now()).undo(desk.actor, import_id)


def show(desk: Desk, question: Question) -> None:
    """As if a student had met the current version."""
    with desk.sessions.begin() as session:
        current_version(session, question).first_shown_at = utc_now()


def test_nothing_of_an_undone_import_is_left(desk: Desk, session: Session) -> None:
    desk.outcome(json_file([draft("kept")]))
    import_id = desk.add(json_file([draft("a"), draft("b")]), "more.json")
    desk.work(import_id)
    assert undo(desk, import_id) == UndoResult(deleted=2, restored=0, kept=0)
    assert [question.external_id for question in desk.questions()] == ["kept"]
    for table in (QuestionVersion, ItemParameter):
        assert session.scalar(select(func.count()).select_from(table)) == 1
    assert session.get_one(ImportJob, import_id, populate_existing=True).undone_at is not None
    assert desk.outcome(json_file([draft("a"), draft("b")]), "more.json") == {"new": 2}


def test_a_large_import_is_hidden_in_pieces(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = desk.add(json_file([draft(name) for name in "abcde"]))
    desk.work(import_id)
    monkeypatch.setattr(import_undo_repository, "RETIRED_AT_ONCE", 2)
    with desk.sessions.begin() as session:
        assert ImportUndoRepository(session).retire_published(import_id) == 5
    assert {question.status for question in desk.questions()} == {QuestionStatus.RETIRED}


def test_changed_questions_get_their_earlier_text_again(desk: Desk, session: Session) -> None:
    first = draft("q", right="four", skills=("Sums",), tags=("a", "b"), difficulty=1.0)
    desk.outcome(json_file([first]))
    (before,) = desk.questions()
    stored = desk.draft(before)
    changed = draft("q", right="five", skills=("Other",), tags=("c",), difficulty=-1.0, explanation="New.")
    import_id = desk.add(json_file([changed]), "later.json")
    desk.work(import_id)
    assert undo(desk, import_id) == UndoResult(deleted=0, restored=1, kept=0)
    (after,) = desk.questions()
    assert desk.draft(after) == stored
    assert (after.content_hash, after.stem_text, after.version) == (before.content_hash, before.stem_text, 1)
    assert after.revision > before.revision
    assert session.get_one(ItemParameter, after.id).prior == 1.0
    assert desk.outcome(json_file([changed]), "later.json") == {"changed": 1}


def test_an_import_that_students_met_is_not_undone(desk: Desk, session: Session) -> None:
    desk.outcome(json_file([draft("old")]))
    import_id = desk.add(json_file([draft("a"), draft("b"), draft("old", right="other")]), "more.json")
    desk.work(import_id)
    refuse_shown(session, import_id)
    old, first, _ = desk.questions()
    show(desk, first)
    show(desk, old)
    with pytest.raises(ImportShownError) as refused:
        refuse_shown(session, import_id)
    assert refused.value.extra == {"shown": 2}


def test_what_is_shown_or_edited_meanwhile_is_kept(desk: Desk, session: Session, actor: Actor) -> None:
    desk.outcome(json_file([draft("old"), draft("older")]))
    changed = [draft("a"), draft("b"), draft("old", right="other"), draft("older", right="other")]
    import_id = desk.add(json_file(changed), "more.json")
    desk.work(import_id)
    old, older, first, second = desk.questions()
    show(desk, first)
    show(desk, old)
    edit = draft("older", right="edited", skills=("Sums",))
    show(desk, older)
    QuestionService(session, utc_now()).update(actor, older.id, Edit(edit))
    session.commit()
    assert undo(desk, import_id) == UndoResult(deleted=1, restored=0, kept=3)
    kept = {question.external_id: question for question in desk.questions()}
    assert (kept["a"].status, kept["old"].version, kept["older"].version) == ("retired", 2, 3)
    assert second.external_id not in kept


def test_undoing_twice_is_undoing_once(desk: Desk) -> None:
    import_id = desk.add(json_file([draft("a")]))
    desk.work(import_id)
    assert [undo(desk, import_id) for _ in range(2)] == [UndoResult(1, 0, 0), UndoResult(0, 0, 0)]
