"""What a file means for the bank: new, changed, identical or an error, and the same in a dry run."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.domain.enums import QuestionStatus, Role
from app.domain.question_draft import QuestionDraft
from app.integrations.storage import LocalFileStore
from app.models import QuestionVersion, Subject
from app.services import import_runner
from app.services.import_seen import SeenDrafts
from tests.factories.imports import Desk, ReadingHere, json_file
from tests.factories.questions import choice_draft, text_draft
from tests.factories.subjects import make_subject
from tests.factories.users import actor_of, make_user


@pytest.fixture(autouse=True)
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runner, "FileReading", ReadingHere)


@pytest.fixture
def store(tmp_path: Path) -> LocalFileStore:
    return LocalFileStore(tmp_path)


@pytest.fixture
def desk(session: Session, sessions: sessionmaker[Session], store: LocalFileStore) -> Desk:
    return new_desk(session, sessions, store)


def new_desk(session: Session, sessions: sessionmaker[Session], store: LocalFileStore) -> Desk:
    actor = actor_of(make_user(session, role=Role.ADMIN))
    subject_id = make_subject(session).id
    session.commit()
    return Desk(sessions, store, actor, subject_id)


def named(name: str, stem: str = "Which one?", **fields: Any) -> QuestionDraft:
    return choice_draft(external_id=name, stem=f"{stem} ({name})", **fields)


def test_another_text_under_the_same_id_is_a_new_version(desk: Desk, session: Session) -> None:
    desk.outcome(json_file([named("q1", right="four"), named("q2")]))
    before = session.get_one(Subject, desk.subject_id, populate_existing=True).content_revision
    assert desk.outcome(json_file([named("q1", right="five"), named("q2")])) == {"changed": 1, "identical": 1}
    first, second = desk.questions()
    assert (first.version, first.revision, first.status, second.revision) == (2, 2, "published", 1)
    assert [desk.draft(first, number).options[0].html for number in (1, 2)] == ["four", "five"]
    assert session.get_one(Subject, desk.subject_id, populate_existing=True).content_revision > before


def test_what_no_hash_of_content_covers_is_compared_under_the_same_id(desk: Desk) -> None:
    draft = named("q1", explanation="Because.", tags=("b", "a"), difficulty=1.5)
    assert desk.outcome(json_file([draft])) == {"new": 1}
    assert desk.outcome(json_file([draft.model_copy(update={"tags": ("a", " b")})])) == {"identical": 1}
    assert desk.outcome(json_file([draft.model_copy(update={"skills": ("sums",)})])) == {"identical": 1}
    for change in ({"explanation": "Therefore."}, {"tags": ("a",)}, {"difficulty": -1.0}, {"skills": ("Other",)}):
        draft = draft.model_copy(update=change)
        assert desk.outcome(json_file([draft])) == {"changed": 1}
        assert desk.outcome(json_file([draft]), "again.json") == {"identical": 1}
    (question,) = desk.questions()
    stored = desk.draft(question)
    assert (stored.explanation, stored.tags, stored.skills, stored.difficulty) == (
        "Therefore.",
        ("a",),
        ("Other",),
        -1.0,
    )


def test_without_an_id_only_the_content_counts(desk: Desk) -> None:
    desk.outcome(json_file([choice_draft(stem="Is it?", explanation="Yes.")]))
    again = choice_draft(stem="IS  it?", explanation="Indeed.", tags=("new",))
    assert desk.outcome(json_file([again])) == {"identical": 1}
    assert desk.outcome(json_file([choice_draft("no", ["yes", "perhaps"], stem="Is it?")])) == {"new": 1}
    first, second = desk.questions()
    assert (desk.draft(first).explanation, first.stem_hash) == ("Yes.", second.stem_hash)


def test_another_key_for_the_same_question_is_warned_about(desk: Desk) -> None:
    desk.outcome(json_file([choice_draft("yes", ["no"], stem="Is it?")]))
    import_id = desk.add(json_file([choice_draft("no", ["yes"], stem="Is it?")]))
    desk.work(import_id)
    (row,) = desk.rows(import_id)
    assert (row.outcome, row.code) == ("new", "W_KEY_CONFLICT")
    assert str(desk.questions()[0].number) in row.message


def test_an_id_that_a_file_repeats_starts_no_version(desk: Desk) -> None:
    drafts = [named("1", "First part"), named("1", "Second part"), named("1", "First part")]
    import_id = desk.add(json_file(drafts))
    assert dict(desk.work(import_id).counts) == {"new": 2, "identical": 1}
    assert [question.external_id for question in desk.questions()] == ["1", None]
    assert [row.code for row in desk.rows(import_id)] == [None, "W_DUP_ROW", "W_DUP_ROW"]
    assert desk.outcome(json_file(drafts), "again.json") == {"identical": 3}


def test_namespaces_keep_ids_of_several_sources_apart(desk: Desk) -> None:
    assert desk.outcome(json_file([named("1", "One source")]), namespace="one") == {"new": 1}
    assert desk.outcome(json_file([named("1", "Another source")]), namespace="two") == {"new": 1}
    assert desk.outcome(json_file([named("1", "One source, later")]), namespace="one") == {"changed": 1}


def test_a_published_question_takes_no_unfinished_text(desk: Desk) -> None:
    desk.outcome(json_file([named("q1")]))
    without_key = named("q1", "Another one?").model_dump(mode="json")
    for option in without_key["options"]:
        option["weight"] = 0
    content = json_file([QuestionDraft.model_validate(without_key)])
    import_id = desk.add(content)
    assert desk.work(desk.add(content, dry_run=True)).counts == desk.work(import_id).counts == {"error": 1}
    (row,) = desk.rows(import_id)
    assert (row.outcome, row.code, row.severity) == ("error", "E_NO_CORRECT", "error")
    assert desk.questions()[0].version == 1


def test_only_complete_questions_are_published(desk: Desk) -> None:
    incomplete = choice_draft(stem="Unknown?", right="a").model_copy(update={"options": choice_draft().options[1:]})
    drafts = [choice_draft(), incomplete, choice_draft(status=QuestionStatus.PUBLISHED)]
    desk.outcome(json_file(drafts))
    assert [question.status for question in desk.questions()] == ["published", "draft", "published"]
    desk.outcome(json_file([choice_draft(), choice_draft(status=QuestionStatus.PUBLISHED)]), publish=False)
    assert [question.status for question in desk.questions()[3:]] == ["draft", "published"]


contents = st.tuples(
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from("abcd"),
    st.sampled_from(["yes", "no"]),
    st.sampled_from(["", "x"]),
)
question_files = st.lists(st.lists(contents, max_size=6), min_size=1, max_size=3)


def drafts_of(file: list[tuple[str, str, str, str]]) -> bytes:
    return json_file(
        [
            text_draft(answer, stem=f"Question {stem}?", external_id=name or None, explanation=explanation)
            for name, stem, answer, explanation in file
        ]
    )


@given(bank=question_files, files=question_files)
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_dry_run_foretells_the_real_run(
    session: Session,
    sessions: sessionmaker[Session],
    store: LocalFileStore,
    bank: list[list[tuple[str, str, str, str]]],
    files: list[list[tuple[str, str, str, str]]],
) -> None:
    desk = new_desk(session, sessions, store)
    for number, file in enumerate(bank):
        desk.outcome(drafts_of(file), f"bank-{number}.json")
    before = [(question.id, question.revision) for question in desk.questions()]
    seen, dry, real = SeenDrafts(spans_files=True), [], []
    for number, file in enumerate(files):
        import_id = desk.add(drafts_of(file), f"file-{number}.json", dry_run=True)
        dry.append((desk.work(import_id, seen).counts, [row.outcome for row in desk.rows(import_id)]))
        seen.next_file()
    assert [(question.id, question.revision) for question in desk.questions()] == before
    for number, file in enumerate(files):
        import_id = desk.add(drafts_of(file), f"file-{number}.json")
        real.append((desk.work(import_id).counts, [row.outcome for row in desk.rows(import_id)]))
    assert dry == real


def test_every_version_of_an_import_has_a_key(desk: Desk, session: Session) -> None:
    for right in ("one", "two", "three"):
        desk.outcome(json_file([named("q", right=right)]), f"{right}.json")
    numbers = session.scalars(select(QuestionVersion.number).order_by(QuestionVersion.number)).all()
    assert numbers == [1, 2, 3]
    (question,) = desk.questions()
    assert [desk.draft(question, number).options[0].weight for number in numbers] == [1.0, 1.0, 1.0]
