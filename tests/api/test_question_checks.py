from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType, Role
from app.models import Question, Tag
from tests.factories.subjects import make_subject
from tests.factories.users import auth, make_user

PATH = "/api/v1/questions/check"


@pytest.fixture
def headers(client: TestClient, session: Session) -> dict[str, str]:
    return auth(client, make_user(session, role=Role.TEACHER))


@pytest.fixture
def subject_id(session: Session) -> str:
    return str(make_subject(session).id)


def checked(
    client: TestClient, headers: dict[str, str], subject_id: str, draft: dict[str, Any], seed: int = 0
) -> dict[str, Any]:
    reply = client.post(PATH, headers=headers, json={"subject_id": subject_id, "draft": draft, "seed": seed})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def test_an_unfinished_draft_is_shown_safely_and_says_what_is_missing(
    client: TestClient, session: Session, headers: dict[str, str], subject_id: str
) -> None:
    draft = {
        "type": "single_choice",
        "stem": "<p onclick='x()'>2 + 2?<script>alert(1)</script></p><img src='https://example.org/x.png' alt='x'>",
        "options": [{"id": "a", "html": "4"}, {"id": "b", "html": "5"}],
        "tags": ["new tag"],
    }
    found = checked(client, headers, subject_id, draft)
    assert "script" not in found["content"]["stem"]
    assert "onclick" not in found["draft"]["stem"]
    assert {each["code"] for each in found["problems"]} == {"E_NO_CORRECT", "E_NO_SKILL"}
    assert "https://example.org/x.png" in found["losses"][0]
    assert session.scalar(select(func.count()).select_from(Question)) == 0
    assert session.scalar(select(func.count()).select_from(Tag)) == 0


def test_the_same_draft_looks_the_same_again(client: TestClient, headers: dict[str, str], subject_id: str) -> None:
    options = [{"id": letter, "html": letter} for letter in "abcdefgh"]
    draft = {"type": "single_choice", "stem": "Which?", "options": options}
    first = checked(client, headers, subject_id, draft, seed=3)
    assert checked(client, headers, subject_id, draft, seed=3)["content"] == first["content"]
    assert "weight" not in str(first["content"]["options"])


def test_a_half_written_formula_is_a_problem_and_no_failure(
    client: TestClient, headers: dict[str, str], subject_id: str
) -> None:
    parametric = {"variables": [{"name": "a"}], "expression": "a +"}
    draft = {"type": "parametric", "stem": "What is {{a}} + 1?", "parametric": parametric}
    found = checked(client, headers, subject_id, draft)
    assert "E_EXPRESSION" in {each["code"] for each in found["problems"]}
    fixed = {**draft, "parametric": {**parametric, "expression": "a + 1"}}
    assert "{{a}}" not in checked(client, headers, subject_id, fixed, seed=1)["content"]["stem"]


def test_a_missing_file_is_named(client: TestClient, headers: dict[str, str], subject_id: str) -> None:
    draft = {"type": "essay", "stem": '<p>Look: <img src="map.png" alt="a map"></p>'}
    assert "map.png" in checked(client, headers, subject_id, draft)["losses"][0]


def test_a_subject_that_is_not_there_is_not_found(
    client: TestClient, session: Session, headers: dict[str, str], subject_id: str
) -> None:
    body = {"subject_id": "00000000-0000-7000-8000-000000000000", "draft": {"type": "essay", "stem": "x"}}
    assert client.post(PATH, headers=headers, json=body).status_code == 404
    student = auth(client, make_user(session))
    assert client.post(PATH, headers=student, json={**body, "subject_id": subject_id}).status_code == 403


def tried(client: TestClient, headers: dict[str, str], subject_id: str, draft: dict[str, Any], **more: Any) -> Any:
    reply = client.post(f"{PATH}/try", headers=headers, json={"subject_id": subject_id, "draft": draft, **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_an_answer_to_a_draft_is_graded_by_the_ids_that_were_shown(
    client: TestClient, session: Session, headers: dict[str, str], subject_id: str
) -> None:
    draft = {
        "type": "single_choice",
        "stem": "2 + 2?",
        "options": [{"id": "a", "html": "4", "weight": 1.0}, {"id": "b", "html": "5", "feedback": "Count again."}],
        "explanation": "<p onclick='x()'>Two and two.</p>",
    }
    ids = {each["html"]: each["id"] for each in checked(client, headers, subject_id, draft, 7)["content"]["options"]}
    right = tried(client, headers, subject_id, draft, seed=7, response={"choice": ids["4"]})
    wrong = tried(client, headers, subject_id, draft, seed=7, response={"choice": ids["5"]})
    assert (right["grade"]["state"], wrong["grade"]["state"]) == ("right", "wrong")
    assert wrong["grade"]["feedback"] == ["Count again."]
    assert (wrong["answer"]["choice"], wrong["answer_text"]) == (ids["4"], ["4"])
    assert wrong["explanation"] == "<p>Two and two.</p>"
    assert session.scalar(select(func.count()).select_from(Question)) == 0


@pytest.mark.parametrize("kind", QuestionType)
def test_a_draft_that_is_hardly_begun_can_be_tried(
    client: TestClient, headers: dict[str, str], subject_id: str, kind: QuestionType
) -> None:
    parametric = {"variables": [{"name": "a"}], "expression": "a +"} if kind is QuestionType.PARAMETRIC else None
    draft = {"type": kind, "stem": "What?", "parametric": parametric}
    right_by_itself = kind is QuestionType.DESCRIPTION
    for response in ({}, {"text": "1"}, {"choice": "00000000"}, {"order": []}):
        grade = tried(client, headers, subject_id, draft, response=response)["grade"]
        assert (grade["state"] == "right") is right_by_itself


def test_students_try_no_drafts(client: TestClient, session: Session, subject_id: str) -> None:
    body = {"subject_id": subject_id, "draft": {"type": "essay", "stem": "x"}, "response": {"text": "y"}}
    student = auth(client, make_user(session))
    assert client.post(f"{PATH}/try", headers=student, json=body).status_code == 403
