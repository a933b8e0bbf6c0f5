"""Grades of essays are proposed to teachers, who give them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType
from app.domain.question_draft import Criterion, QuestionDraft
from app.models import AttemptGrade, Subject
from app.tasks import question_processing  # noqa: F401  # it registers the handlers
from app.tasks.runtime import execute
from tests.factories.language_models import with_llm
from tests.factories.practice import Student
from tests.factories.questions import make_question
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user
from tests.standins.llm import Asked, LlmStandIn

PATH = "/api/v1/proposals"
RUBRIC = (Criterion(id="a", text="Names scattering.", points=3), Criterion(id="b", text="Says why blue.", points=1))


def points(*given: float) -> dict[str, Any]:
    return {
        "criteria": [{"number": n, "points": each, "reason": f"Reason {n}."} for n, each in enumerate(given, start=1)]
    }


@pytest.fixture
def server(app: FastAPI) -> Iterator[LlmStandIn]:
    with LlmStandIn() as running:
        app.state.resources = with_llm(app.state.resources, running)
        yield running


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    draft = QuestionDraft(type=QuestionType.ESSAY, stem="Why is the sky blue?", rubric=RUBRIC)
    make_question(session, subject, draft, skills=[make_skill(session, subject)])
    session.commit()
    return subject


@pytest.fixture
def essay_id(client: TestClient, session: Session, subject: Subject, teacher: dict[str, str]) -> str:
    """An essay that waits for a grade."""
    user = make_user(session, name="Ada Lovelace")
    session.commit()
    student = Student(client, session, user)
    practice = student.start(subject, behaviour="immediate", length=1)
    assert student.send_answer({"response": {"text": "Because of scattering."}}).status_code == 201
    student.post(f"/api/v1/practice-sessions/{practice['id']}/finish")
    [essay] = client.get("/api/v1/essays", headers=teacher).json()["items"]
    return str(essay["id"])


def propose(client: TestClient, app: FastAPI, teacher: dict[str, str], essay_id: str) -> dict[str, Any]:
    asked = client.post(f"{PATH}/essay-gradings", headers=teacher, json={"attempt_ids": [essay_id]})
    assert (asked.status_code, asked.json()["asked"]) == (202, 1)
    execute(UUID(asked.json()["job"]["id"]), app.state.resources)
    [proposal] = client.get(f"{PATH}?kind=essay_grading", headers=teacher).json()["items"]
    found: dict[str, Any] = proposal
    return found


def test_two_gradings_are_averaged_and_a_teacher_gives_the_grade(
    client: TestClient, app: FastAPI, session: Session, teacher: dict[str, str], server: LlmStandIn, essay_id: str
) -> None:
    answers = iter([points(3, 1), points(2, 9)])
    server.answerer = lambda _: next(answers)
    proposal = propose(client, app, teacher, essay_id)
    payload = proposal["payload"]
    assert [(each["criterion"], each["points"], each["most"]) for each in payload["criteria"]] == [
        ("Names scattering.", 2.5, 3.0),
        ("Says why blue.", 1.0, 1.0),
    ]
    assert (payload["fraction"], payload["agreement"], payload["comment"]) == (0.875, 0.75, "Reason 1. Reason 2.")
    sent = str([asked.body for asked in server.requests])
    assert "Because of scattering." in sent
    assert [word for word in ("Ada", "Lovelace", essay_id, "@") if word in sent] == []
    assert session.scalar(select(func.count()).select_from(AttemptGrade)) == 1
    path, edited = f"{PATH}/{proposal['id']}/accept", {**payload, "fraction": 0.5, "comment": "Why blue?"}
    assert client.post(path, headers=teacher, json={"payload": edited}).status_code == 200
    assert client.post(path, headers=teacher, json={}).status_code == 200
    grades = session.scalars(select(AttemptGrade).order_by(AttemptGrade.number)).all()
    assert [(grade.number, grade.fraction, grade.reason) for grade in grades][1:] == [(2, 0.5, "Why blue?")]
    assert client.get("/api/v1/essays", headers=teacher).json()["items"] == []


def test_an_essay_that_asks_for_points_only_asks(
    client: TestClient, app: FastAPI, teacher: dict[str, str], server: LlmStandIn, essay_id: str
) -> None:
    """What is written reaches the model as data; whoever obeys it still only proposes."""

    def obey(asked: Asked) -> dict[str, Any]:
        assert asked.data("essay") == "Because of scattering."
        assert "1. Names scattering. (at most 3 points)" in asked.data("rubric")
        return points(1_000, 1_000)

    server.answerer = obey
    payload = propose(client, app, teacher, essay_id)["payload"]
    assert (payload["fraction"], payload["agreement"]) == (1.0, 1.0)


def test_a_criterion_that_was_left_out_is_no_zero(
    client: TestClient, app: FastAPI, teacher: dict[str, str], server: LlmStandIn, essay_id: str
) -> None:
    server.answerer = lambda _: points(3)
    proposal = propose(client, app, teacher, essay_id)
    assert (proposal["status"], proposal["payload"]) == ("failed", None)


def test_an_essay_that_somebody_graded_meanwhile_keeps_that_grade(
    client: TestClient, app: FastAPI, teacher: dict[str, str], server: LlmStandIn, essay_id: str
) -> None:
    server.answerer = lambda _: points(3, 1)
    proposal = propose(client, app, teacher, essay_id)
    graded = client.post(f"/api/v1/essays/{essay_id}/grade", headers=teacher, json={"fraction": 0.25})
    assert graded.status_code == 201
    reply = client.post(f"{PATH}/{proposal['id']}/accept", headers=teacher, json={})
    assert (reply.status_code, reply.json()["code"]) == (409, "already_graded")
    again = client.post(f"{PATH}/essay-gradings", headers=teacher, json={"attempt_ids": [essay_id]})
    assert again.json() == {"job": None, "asked": 0, "questions": 0}


def test_grades_of_unknown_essays_are_not_proposed(
    client: TestClient, teacher: dict[str, str], server: LlmStandIn
) -> None:
    reply = client.post(f"{PATH}/essay-gradings", headers=teacher, json={"attempt_ids": [str(uuid4())]})
    assert (reply.status_code, reply.json()["asked"]) == (202, 0)
