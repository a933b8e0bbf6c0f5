from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, event, select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.models import AuditEvent, Question
from tests.factories.questions import make_question, make_questions
from tests.factories.subjects import make_skill, make_subject

PATH = "/api/v1/questions/bulk"
DRAFT = QuestionStatus.DRAFT


def change(client: TestClient, headers: dict[str, str], ids: list[UUID], **body: Any) -> list[dict[str, Any]]:
    reply = client.post(PATH, headers=headers, json={"ids": [str(each) for each in ids], **body})
    assert reply.status_code == 200, reply.text
    items: list[dict[str, Any]] = reply.json()["items"]
    return items


def outcomes(items: list[dict[str, Any]]) -> list[str]:
    return [item["outcome"] for item in items]


def test_publishing_says_what_became_of_each(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    subject = make_subject(session)
    ready = make_question(session, subject, status=DRAFT)
    unfinished = make_question(session, subject, status=DRAFT, skills=[])
    published = make_question(session, subject)
    nobody = uuid4()
    items = change(client, teacher, [ready.id, unfinished.id, published.id, nobody, ready.id], action="publish")
    assert outcomes(items) == ["done", "refused", "unchanged", "not_found"]
    assert items[1]["problems"]
    session.expire_all()
    statuses = [session.get_one(Question, each).status for each in (ready.id, unfinished.id, published.id)]
    assert statuses == ["published", "draft", "published"]
    assert session.get_one(Question, ready.id).published_at is not None


def test_only_published_questions_are_retired(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    subject = make_subject(session)
    questions = [make_question(session, subject, status=status) for status in (DRAFT, QuestionStatus.PUBLISHED)]
    ids = [question.id for question in questions]
    assert outcomes(change(client, teacher, ids, action="retire")) == ["refused", "done"]
    assert outcomes(change(client, teacher, ids, action="retire")) == ["refused", "unchanged"]


def test_tags_are_added_and_removed_once(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    ids = [make_question(session, make_subject(session)).id for _ in range(2)]
    for expected in ("done", "unchanged"):
        assert outcomes(change(client, teacher, ids, action="add_tag", tag=" exam  2026 ")) == [expected] * 2
    read = client.get(f"/api/v1/questions/{ids[0]}", headers=teacher).json()
    assert (read["tags"], read["revision"]) == (["exam 2026"], 2)
    for expected in ("done", "unchanged"):
        assert outcomes(change(client, teacher, ids, action="remove_tag", tag="exam 2026")) == [expected] * 2
    events = session.scalars(select(AuditEvent.details).where(AuditEvent.object_id == str(ids[0])))
    assert [each["change"] for each in events] == ["add_tag", "remove_tag"]


def test_skills_stay_within_the_subject_and_one_stays_with_the_question(
    client: TestClient, session: Session, teacher: dict[str, str]
) -> None:
    subject = make_subject(session)
    old, new = make_skill(session, subject), make_skill(session, subject)
    question, foreign = make_question(session, subject, skills=[old]), make_question(session, make_subject(session))
    draft = make_question(session, subject, status=DRAFT, skills=[old])
    ids = [question.id, foreign.id, draft.id]
    remove_old = {"action": "remove_skill", "skill_id": str(old.id)}
    assert outcomes(change(client, teacher, ids, **remove_old)) == ["refused", "unchanged", "done"]
    added = change(client, teacher, ids, action="add_skill", skill_id=str(new.id))
    assert outcomes(added) == ["done", "refused", "done"]
    assert outcomes(change(client, teacher, ids, **remove_old)) == ["done", "unchanged", "unchanged"]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "publish", "ids": []},
        {"action": "publish", "ids": [str(uuid4())] * 501},
        {"action": "publish", "ids": [str(uuid4())], "tag": "x"},
        {"action": "add_tag", "ids": [str(uuid4())]},
        {"action": "add_tag", "ids": [str(uuid4())], "tag": "  "},
        {"action": "add_skill", "ids": [str(uuid4())], "tag": "x"},
        {"action": "delete", "ids": [str(uuid4())]},
    ],
)
def test_malformed_wishes_are_refused(client: TestClient, teacher: dict[str, str], body: dict[str, Any]) -> None:
    assert client.post(PATH, headers=teacher, json=body).status_code == 422


def test_an_unknown_skill_is_not_found(client: TestClient, session: Session, teacher: dict[str, str]) -> None:
    body = {"action": "add_skill", "skill_id": str(uuid4()), "ids": [str(uuid4())]}
    assert client.post(PATH, headers=teacher, json=body).status_code == 404


def test_many_questions_take_as_many_queries_as_one(
    client: TestClient, session: Session, connection: Connection, teacher: dict[str, str]
) -> None:
    subject = make_subject(session)
    ids = make_questions(session, subject, 40, [make_skill(session, subject)])
    statements: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    for some in (ids[:1], ids[1:]):
        statements.clear()
        change(client, teacher, some, action="retire")
        change(client, teacher, some, action="publish")
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 2
