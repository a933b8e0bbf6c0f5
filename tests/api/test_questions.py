import json
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.domain.question_draft import QuestionDraft
from app.models import AuditEvent, Question, QuestionVersion, Subject
from tests.factories.questions import choice_draft, current_version, make_question, text_draft
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user
from tests.unit.domain.question_samples import parametric_draft

PATH = "/api/v1/questions"


@pytest.fixture
def student(client: TestClient, session: Session) -> dict[str, str]:
    return auth(client, make_user(session))


def body_of(subject: Subject, draft: QuestionDraft, **changes: Any) -> dict[str, Any]:
    return {"subject_id": str(subject.id), "draft": {**draft.model_dump(mode="json"), **changes}}


def test_a_created_question_is_read_back_as_written(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    subject = make_subject(session)
    skill = make_skill(session, subject, code="frac", name="Fractions")
    draft = choice_draft(
        right="<b>3/4</b>",
        hints=("Think.",),
        explanation="Because.",
        title="A title",
        skills=("frac",),
        tags=("exam", "2026"),
        category=("Book", "Chapter 1"),
        difficulty=0.5,
        extensions={"moodle": {"defaultgrade": 2}},
    )
    created = client.post(PATH, headers=teacher, json=body_of(subject, draft))
    assert created.status_code == 201, created.text
    question = created.json()
    assert (question["status"], question["version"], question["revision"]) == ("draft", 1, 1)
    assert [each["id"] for each in question["skills"]] == [str(skill.id)]
    read = QuestionDraft.model_validate(question["draft"])
    assert [option.html for option in read.options] == [option.html for option in draft.options]
    assert [option.weight for option in read.options] == [1, 0, 0]
    unchanged = {"type", "stem", "title", "hints", "explanation", "category", "difficulty", "extensions"}
    assert read.model_dump(include=unchanged) == draft.model_dump(include=unchanged)
    assert (read.skills, set(read.tags)) == (("Fractions",), {"exam", "2026"})
    assert client.get(f"{PATH}/{question['id']}", headers=teacher).json() == question


def test_a_resent_creation_makes_one_question(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    subject = make_subject(session)
    headers = {**teacher, "Idempotency-Key": "question-key-1"}
    body = body_of(subject, choice_draft())
    first, second = (client.post(PATH, headers=headers, json=body) for _ in range(2))
    assert first.json() == second.json()
    assert session.scalar(select(func.count()).where(Question.subject_id == subject.id)) == 1


def test_the_same_content_is_refused_with_its_number(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    subject = make_subject(session)
    draft = text_draft("Paris", external_id="q1")
    question = make_question(session, subject, draft)
    same = client.post(PATH, headers=teacher, json=body_of(subject, draft, stem=draft.stem.upper(), external_id=None))
    assert (same.status_code, same.json()["code"]) == (409, "duplicate_question")
    assert same.json()["number"] == question.number
    same_id = client.post(PATH, headers=teacher, json=body_of(subject, text_draft(external_id="q1")))
    assert same_id.json()["number"] == question.number
    elsewhere = client.post(PATH, headers=teacher, json=body_of(make_subject(session), draft))
    assert elsewhere.status_code == 201


def test_unknown_names_are_refused_by_name(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    subject = make_subject(session)
    unknown = client.post(PATH, headers=teacher, json=body_of(subject, choice_draft(skills=("nowhere",))))
    assert (unknown.status_code, unknown.json()["code"], unknown.json()["names"]) == (422, "unknown_skill", ["nowhere"])
    draft = choice_draft(explanation='<img src="map.png" alt="A map">')
    missing = client.post(PATH, headers=teacher, json=body_of(subject, draft))
    assert (missing.status_code, missing.json()["code"], missing.json()["names"]) == (422, "missing_media", ["map.png"])
    nowhere = client.post(PATH, headers=teacher, json={**body_of(subject, draft), "subject_id": str(uuid4())})
    assert nowhere.status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"stem": "nul \u0000"},
        {"stem": "x" * 100_001},
        {"options": [{"id": "a", "html": "x", "weight": 2}]},
        {"points": "NaN"},
        {"extensions": {"deep": [2**64]}},
        {"location": {"line": 2**80}},
        {"key": "unknown member"},
    ],
)
def test_malformed_drafts_are_refused(
    client: TestClient, session: Session, teacher: dict[str, str], changes: dict[str, Any]
) -> None:
    reply = client.post(PATH, headers=teacher, json=body_of(make_subject(session), choice_draft(), **changes))
    assert reply.status_code == 422


def test_nothing_is_added_to_an_archived_subject(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    subject = make_subject(session)
    client.post(f"/api/v1/subjects/{subject.id}/archive", headers=teacher)
    reply = client.post(PATH, headers=teacher, json=body_of(subject, choice_draft()))
    assert (reply.status_code, reply.json()["code"]) == (409, "subject_archived")


def test_numbers_that_no_column_holds_are_refused(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    body = json.dumps(body_of(make_subject(session), choice_draft(), extensions={"x": [float("inf")]}))
    reply = client.post(PATH, headers={**teacher, "Content-Type": "application/json"}, content=body)
    assert reply.status_code == 422


def test_students_never_reach_the_bank(client: TestClient, session: Session, student: dict[str, str]) -> None:
    subject = make_subject(session)
    question = make_question(session, subject)
    path = f"{PATH}/{question.id}"
    body = body_of(subject, choice_draft())
    replies = [
        client.get(PATH, headers=student),
        client.post(PATH, headers=student, json=body),
        client.get(path, headers=student),
        client.put(path, headers=student, json={"revision": 1, "draft": body["draft"]}),
        client.delete(path, headers=student),
        client.post(f"{path}/status", headers=student, json={"status": "retired"}),
        client.post(f"{path}/try", headers=student, json={"response": {"choice": "a"}}),
        client.get(f"{path}/preview", headers=student),
        client.get(f"{path}/versions", headers=student),
        client.get(f"{path}/versions/1", headers=student),
        client.post(f"{PATH}/bulk", headers=student, json={"action": "retire", "ids": [str(question.id)]}),
        client.get("/api/v1/tags", headers=student),
    ]
    assert {reply.status_code for reply in replies} == {403}
    assert client.get(path).status_code == 401


def test_an_edit_needs_the_revision_that_was_read(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    question = make_question(session, make_subject(session))
    path = f"{PATH}/{question.id}"
    draft = client.get(path, headers=teacher).json()["draft"]
    first = client.put(path, headers=teacher, json={"revision": 1, "draft": {**draft, "stem": "First?"}})
    second = client.put(path, headers=teacher, json={"revision": 1, "draft": {**draft, "stem": "Second?"}})
    assert (first.status_code, first.json()["revision"], first.json()["stem"]) == (200, 2, "First?")
    assert (second.status_code, second.json()["code"], second.json()["revision"]) == (412, "stale_revision", 2)


def test_an_edit_before_anybody_saw_it_replaces_the_version(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    question = make_question(session, make_subject(session))
    version = current_version(session, question).id
    path = f"{PATH}/{question.id}"
    draft = client.get(path, headers=teacher).json()["draft"]
    edited = client.put(path, headers=teacher, json={"revision": 1, "draft": {**draft, "stem": "Better?"}}).json()
    assert (edited["version"], edited["content"]["stem"]) == (1, "Better?")
    session.expire_all()
    assert current_version(session, question).id == version
    assert session.scalar(select(func.count()).where(QuestionVersion.question_id == question.id)) == 1


def test_an_edit_without_a_change_changes_nothing(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    question = make_question(session, make_subject(session))
    path = f"{PATH}/{question.id}"
    before = client.get(path, headers=teacher).json()
    again = client.put(path, headers=teacher, json={"revision": 1, "draft": before["draft"]})
    assert again.json() == before
    assert session.scalar(select(func.count()).where(AuditEvent.object_id == str(question.id))) == 0


def test_publishing_lists_everything_that_is_missing(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    draft = choice_draft()
    draft = draft.model_copy(update={"options": tuple(o.model_copy(update={"weight": 0.0}) for o in draft.options)})
    question = make_question(session, make_subject(session), draft, status=QuestionStatus.DRAFT, skills=[])
    reply = client.post(f"{PATH}/{question.id}/status", headers=teacher, json={"status": "published"})
    assert (reply.status_code, reply.json()["code"]) == (409, "not_publishable")
    assert len(reply.json()["problems"]) >= 2
    assert all(problem["code"] and problem["message"] for problem in reply.json()["problems"])


def test_the_life_of_a_question(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    subject = make_subject(session)
    question = make_question(session, subject, status=QuestionStatus.DRAFT)
    for status in ("review", "published", "retired", "published"):
        reply = client.post(f"{PATH}/{question.id}/status", headers=teacher, json={"status": status})
        assert (reply.status_code, reply.json()["status"]) == (200, status)
    backwards = client.post(f"{PATH}/{question.id}/status", headers=teacher, json={"status": "draft"})
    assert (backwards.status_code, backwards.json()["code"]) == (409, "status_change_refused")
    session.expire_all()
    assert session.get_one(Subject, subject.id).content_revision == 3
    steps = session.scalars(select(AuditEvent.details).where(AuditEvent.object_id == str(question.id)))
    assert [step["after"] for step in steps] == ["review", "published", "retired", "published"]


def test_a_published_question_stays_publishable(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    question = make_question(session, make_subject(session))
    path = f"{PATH}/{question.id}"
    draft = client.get(path, headers=teacher).json()["draft"]
    reply = client.put(path, headers=teacher, json={"revision": 1, "draft": {**draft, "skills": []}})
    assert reply.json()["code"] == "not_publishable"


def test_only_drafts_are_deleted(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    subject = make_subject(session)
    draft = make_question(session, subject, status=QuestionStatus.DRAFT)
    published = make_question(session, subject)
    assert client.delete(f"{PATH}/{draft.id}", headers=teacher).status_code == 204
    assert client.get(f"{PATH}/{draft.id}", headers=teacher).status_code == 404
    refused = client.delete(f"{PATH}/{published.id}", headers=teacher)
    assert (refused.status_code, refused.json()["code"]) == (409, "question_shown")


def test_a_teacher_tries_a_question(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    question = make_question(session, make_subject(session), text_draft("Paris"))
    path = f"{PATH}/{question.id}/try"
    right = client.post(path, headers=teacher, json={"response": {"text": "paris"}}).json()
    wrong = client.post(path, headers=teacher, json={"response": {"text": "London"}}).json()
    empty = client.post(path, headers=teacher, json={"response": {}}).json()
    assert [(each["grade"]["state"], each["grade"]["fraction"]) for each in (right, wrong, empty)] == [
        ("right", 1), ("wrong", 0), ("invalid", 0),
    ]  # fmt: skip
    assert (wrong["answer_text"], wrong["answer"]["text"]) == (["Paris"], "Paris")


def test_a_preview_is_what_a_student_with_the_seed_sees(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    question = make_question(session, make_subject(session), parametric_draft())
    path = f"{PATH}/{question.id}"
    stems = {client.get(f"{path}/preview?seed={n}", headers=teacher).json()["stem"] for n in (1, 1, 2, 3)}
    assert len(stems) > 1
    assert not any("{{" in stem for stem in stems)
    tried = client.post(f"{path}/try", headers=teacher, json={"response": {"text": "-1"}, "seed": 1})
    assert tried.json()["grade"]["state"] == "wrong"
