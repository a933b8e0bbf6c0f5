from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.models import Subject
from tests.factories.questions import choice_draft, make_question, make_questions, make_tag, text_draft
from tests.factories.subjects import make_skill, make_subject

PATH = "/api/v1/questions"


@pytest.fixture
def subject(session: Session) -> Subject:
    return make_subject(session)


def ids(client: TestClient, headers: dict[str, str], subject: Subject, **params: Any) -> set[UUID]:
    reply = client.get(PATH, headers=headers, params={"subject_id": str(subject.id), **params})
    assert reply.status_code == 200, reply.text
    return {UUID(item["id"]) for item in reply.json()["items"]}


def test_skills_are_joined_by_or_and_by_and(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject
) -> None:
    one, two = make_skill(session, subject), make_skill(session, subject)
    first = make_question(session, subject, skills=[one])
    second = make_question(session, subject, skills=[two])
    both = make_question(session, subject, skills=[one, two])
    make_question(session, subject)
    wanted = {"skill_id": [str(one.id), str(two.id)]}
    assert ids(client, teacher, subject, **wanted) == {first.id, second.id, both.id}
    assert ids(client, teacher, subject, **wanted, skill_match="all") == {both.id}


def test_type_status_difficulty_and_tag_narrow_the_list(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject
) -> None:
    tag = make_tag(session, "exam")
    easy = make_question(session, subject, choice_draft(difficulty=-2.0), tags=[tag])
    hard = make_question(session, subject, text_draft(difficulty=2.0), status=QuestionStatus.RETIRED)
    assert ids(client, teacher, subject, type="short_answer") == {hard.id}
    assert ids(client, teacher, subject, type=["short_answer", "single_choice"]) == {easy.id, hard.id}
    assert ids(client, teacher, subject, status=["draft", "retired"]) == {hard.id}
    assert ids(client, teacher, subject, difficulty_min=-2, difficulty_max=1) == {easy.id}
    assert ids(client, teacher, subject, tag="exam") == {easy.id}
    assert ids(client, teacher, subject, tag="Exam") == set()


def test_text_finds_words_and_numbers(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject
) -> None:
    river = make_question(session, subject, choice_draft(stem="<p>Which <b>river</b> crosses Größenstadt?</p>"))
    other = make_question(session, subject, choice_draft(stem="Which mountain is near the old river?"))
    assert ids(client, teacher, subject, q="river größenstadt") == {river.id}
    assert ids(client, teacher, subject, q='"old river"') == {other.id}
    assert ids(client, teacher, subject, q="which -mountain") == {river.id}
    assert ids(client, teacher, subject, q=str(other.number)) == {other.id}
    assert ids(client, teacher, subject, q=f"#{other.number}") == {other.id}
    for hostile in ("'", '"', "a & | !", ":*", "%", "\\", "9" * 40, "²"):
        assert ids(client, teacher, subject, q=hostile) <= {river.id, other.id}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("number", [0, 1, 2, 3, 4]),
        ("-number", [4, 3, 2, 1, 0]),
        ("difficulty", [0, 1, 2, 3, 4]),
        ("-difficulty", [4, 3, 2, 1, 0]),
        ("updated_at", [1, 2, 3, 4, 0]),
        ("-updated_at", [0, 4, 3, 2, 1]),
    ],
)
def test_pages_follow_the_order_without_gaps_or_repeats(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject, sort: str, expected: list[int]
) -> None:
    skill = make_skill(session, subject)
    questions = make_questions(session, subject, 5, [skill])
    client.post(f"{PATH}/bulk", headers=teacher, json={"action": "add_tag", "tag": "x", "ids": [str(questions[0])]})
    found: list[UUID] = []
    params: dict[str, Any] = {"subject_id": str(subject.id), "sort": sort, "limit": 2}
    while True:
        page = client.get(PATH, headers=teacher, params=params).json()
        found += [UUID(item["id"]) for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert found == [questions[index] for index in expected]


def test_pages_stay_right_while_questions_are_added(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject
) -> None:
    skill = make_skill(session, subject)
    before = make_questions(session, subject, 4, [skill])
    params: dict[str, Any] = {"subject_id": str(subject.id), "sort": "-number", "limit": 2}
    first = client.get(PATH, headers=teacher, params=params).json()
    make_questions(session, subject, 3, [skill])
    second = client.get(PATH, headers=teacher, params={**params, "cursor": first["next_cursor"]}).json()
    assert [UUID(item["id"]) for item in first["items"] + second["items"]] == before[::-1]


def test_a_cursor_belongs_to_its_order(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject
) -> None:
    make_questions(session, subject, 2, [make_skill(session, subject)])
    params = {"subject_id": str(subject.id), "limit": 1}
    cursor = client.get(PATH, headers=teacher, params=params).json()["next_cursor"]
    for sort in ("-number", "updated_at", "difficulty"):
        reply = client.get(PATH, headers=teacher, params={**params, "cursor": cursor, "sort": sort})
        assert (reply.status_code, reply.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    "params",
    [
        {"sort": "password_hash"},
        {"type": "nonsense"},
        {"status": "shown"},
        {"limit": 101},
        {"difficulty_min": "nan"},
        {"unknown": "1"},
        {"q": "a\x00b"},
        {"skill_match": "none"},
    ],
)
def test_filters_are_typed(client: TestClient, teacher: dict[str, str], params: dict[str, Any]) -> None:
    assert client.get(PATH, headers=teacher, params=params).status_code == 422


def test_the_number_of_queries_does_not_grow_with_the_page(
    client: TestClient, session: Session, connection: Connection, teacher: dict[str, str], subject: Subject
) -> None:
    skills = [make_skill(session, subject) for _ in range(3)]
    make_questions(session, subject, 30, skills)
    statements: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
    counts = []
    for limit in (1, 30):
        statements.clear()
        client.get(PATH, headers=teacher, params={"subject_id": str(subject.id), "limit": limit})
        counts.append(sum(statement.startswith("SELECT") for statement in statements))
    assert counts[0] == counts[1] <= 4


def test_tags_are_listed_by_their_beginning(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject
) -> None:
    tags = [make_tag(session, name) for name in ("Zz100%", "zz20", "zz3")]
    make_tag(session, "zz unused")
    make_question(session, subject, tags=tags)
    path = "/api/v1/tags"
    first = client.get(path, headers=teacher, params={"q": "ZZ", "limit": 2}).json()
    second = client.get(path, headers=teacher, params={"q": "zz", "limit": 2, "cursor": first["next_cursor"]}).json()
    names = [tag["name"] for tag in first["items"] + second["items"]]
    assert sorted(names) == ["Zz100%", "zz20", "zz3"]
    assert [tag["name"] for tag in client.get(path, headers=teacher, params={"q": "zz100%"}).json()["items"]] == [
        "Zz100%"
    ]


def test_questions_are_counted_by_status(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject
) -> None:
    make_question(session, subject, choice_draft(difficulty=-2.0))
    make_question(session, subject, text_draft(difficulty=2.0), status=QuestionStatus.RETIRED)
    make_question(session, make_subject(session))
    params = {"subject_id": str(subject.id)}
    found = client.get(f"{PATH}/count", headers=teacher, params=params).json()
    assert found == {"total": 2, "statuses": {"published": 1, "retired": 1}}
    easy = client.get(f"{PATH}/count", headers=teacher, params={**params, "difficulty_max": 0}).json()
    assert easy == {"total": 1, "statuses": {"published": 1}}
    assert client.get(f"{PATH}/count", headers=teacher, params={"limit": 5}).status_code == 422
