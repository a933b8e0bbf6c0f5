"""Near duplicates and key conflicts: told, never dropped, and foretold by a dry run."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.domain.enums import Role
from app.domain.question_draft import QuestionDraft
from app.integrations.storage import LocalFileStore
from app.services import import_runner
from app.services.import_seen import SeenDrafts
from tests.factories.imports import Desk, ReadingHere, json_file
from tests.factories.questions import choice_draft, text_draft
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, make_user

CAPITAL = "What is the capital city of France?"
NEAR = "Please tell: what is the capital city of France"


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)


@pytest.fixture
def desk(session: Session, sessions: sessionmaker[Session], tmp_path: Path) -> Desk:
    actor = actor_of(make_user(session, role=Role.ADMIN))
    subject_id = make_subject(session).id
    session.commit()
    return Desk(sessions, LocalFileStore(tmp_path), actor, subject_id)


def asked(stem: str, answer: str = "Paris") -> QuestionDraft:
    return text_draft(answer, stem=stem)


def noted(desk: Desk, import_id: UUID) -> list[tuple[str | None, str | None]]:
    return [(row.outcome, row.code) for row in desk.rows(import_id)]


def test_a_question_in_other_words_is_stored_with_a_warning(desk: Desk) -> None:
    desk.outcome(json_file([asked(CAPITAL)]))
    content = json_file([asked(NEAR), asked("What is the capital city of Spain?", "Madrid")])
    foretold = desk.outcome(content, dry_run=True)
    import_id = desk.add(content)
    assert dict(desk.work(import_id).counts) == foretold == {"near_duplicate": 1, "new": 1}
    near, _ = desk.rows(import_id)
    (known, stored, _) = desk.questions()
    assert (near.outcome, near.code, near.question_id) == ("near_duplicate", "W_NEAR_DUPLICATE", stored.id)
    assert near.message == f"Question {known.number} of the bank is almost the same."


def test_near_duplicates_within_the_file_name_the_earlier_place(desk: Desk) -> None:
    import_id = desk.add(json_file([asked(CAPITAL), asked("Who wrote Hamlet?", "Shakespeare"), asked(NEAR)]))
    desk.work(import_id)
    assert noted(desk, import_id) == [("new", None), ("new", None), ("near_duplicate", "W_NEAR_DUPLICATE")]
    assert "is almost the same" in desk.rows(import_id)[2].message


def test_the_same_file_again_is_identical(desk: Desk) -> None:
    content = json_file([asked(CAPITAL), asked(NEAR)])
    assert desk.outcome(content) == {"new": 1, "near_duplicate": 1}
    again = desk.add(content)
    assert desk.work(again).counts == {"identical": 2}
    assert [row.outcome for row in desk.rows(again)] == ["identical", "identical"]


def test_almost_the_same_question_with_another_key_is_a_conflict_too(desk: Desk) -> None:
    desk.outcome(json_file([choice_draft(stem="Which city is the capital of France?")]))
    other = choice_draft(stem="which city is the capital of france", right="no", wrong=("yes", "perhaps"))
    import_id = desk.add(json_file([other]))
    desk.work(import_id)
    (row,) = desk.rows(import_id)
    assert (row.outcome, row.code) == ("near_duplicate", "W_NEAR_DUPLICATE")
    assert "another key" in row.message


def test_the_same_text_with_another_key_is_a_conflict(desk: Desk) -> None:
    desk.outcome(json_file([asked(CAPITAL)]))
    import_id = desk.add(json_file([asked(CAPITAL, "Lyon"), asked(CAPITAL, "Nice")]))
    desk.work(import_id)
    assert noted(desk, import_id) == [("new", "W_KEY_CONFLICT"), ("new", "W_KEY_CONFLICT")]


@pytest.mark.parametrize(
    "stem", ["What was the capital city of France in 1940?", "What is not the capital city of France?"]
)
def test_a_number_or_a_negation_makes_another_question(desk: Desk, stem: str) -> None:
    assert desk.outcome(json_file([asked(CAPITAL), asked(stem)])) == {"new": 2}


def test_questions_out_of_use_and_those_that_the_file_replaces_do_not_count(desk: Desk) -> None:
    desk.outcome(json_file([asked(CAPITAL).model_copy(update={"external_id": "q1"})]))
    replaced = asked("Who wrote Hamlet?", "Shakespeare").model_copy(update={"external_id": "q1"})
    content = json_file([replaced, asked(NEAR)])
    assert desk.outcome(content, dry_run=True) == desk.outcome(content) == {"changed": 1, "new": 1}


def test_a_dry_run_over_several_files_finds_what_the_real_one_finds(desk: Desk) -> None:
    files = [json_file([asked(CAPITAL)]), json_file([asked("Who wrote Hamlet?", "Shakespeare"), asked(NEAR)])]
    seen = SeenDrafts(spans_files=True)
    for content in files:
        dry = desk.work(desk.add(content, dry_run=True), seen).counts
        seen.next_file()
    for content in files:
        real = desk.work(desk.add(content)).counts
    assert dry == real == {"new": 1, "near_duplicate": 1}
