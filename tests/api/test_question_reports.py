"""Questions that students find fault with, and the list that staff work through."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import AuditEvent, QuestionReport, Subject
from tests.factories.practice import Student
from tests.factories.questions import make_question, make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    make_questions(session, subject, 3, [make_skill(session, subject)])
    session.commit()
    return subject


@pytest.fixture
def student(client: TestClient, session: Session, subject: Subject) -> Student:
    user = make_user(session)
    session.commit()
    student = Student(client, session, user)
    student.start(subject)
    return student


def report(student: Student, **body: str) -> dict[str, str]:
    question_id = (student.shown or {})["question_id"]
    reply = student.post(f"/api/v1/questions/{question_id}/reports", {"reason": "wrong_answer", **body})
    assert reply.status_code == 201, reply.text
    return reply.json()


def test_a_report_reaches_the_staff_and_is_closed_with_a_note(
    client: TestClient, session: Session, student: Student, subject: Subject, teacher: dict[str, str]
) -> None:
    sent = report(student, comment="12 is right too.")
    listed = client.get(f"/api/v1/question-reports?status=open&subject_id={subject.id}", headers=teacher).json()
    assert [(item["id"], item["comment"], item["user_name"]) for item in listed["items"]] == [
        (sent["id"], "12 is right too.", student.user.name)
    ]
    assert listed["items"][0]["stem"].startswith("Is ")
    path = f"/api/v1/question-reports/{sent['id']}/resolve"
    for _ in range(2):
        closed = client.post(path, json={"status": "fixed", "note": "Thank you."}, headers=teacher).json()
        assert (closed["status"], closed["note"]) == ("fixed", "Thank you.")
    assert (
        session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action.like("question_r%"))) == 1
    )
    other = client.post(path, json={"status": "dismissed"}, headers=teacher)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


def test_a_second_report_replaces_the_open_one_and_follows_a_closed_one(
    client: TestClient, session: Session, student: Student, teacher: dict[str, str]
) -> None:
    first = report(student, comment="a")
    second = report(student, comment="b", reason="typo")
    assert (second["id"], second["comment"], second["reason"]) == (first["id"], "b", "typo")
    client.post(f"/api/v1/question-reports/{first['id']}/resolve", json={"status": "dismissed"}, headers=teacher)
    assert report(student)["id"] != first["id"]
    assert session.scalar(select(func.count()).select_from(QuestionReport)) == 2


def test_a_question_that_was_never_shown_is_not_found(student: Student, session: Session, subject: Subject) -> None:
    hidden = make_question(session, subject)
    session.commit()
    reply = student.post(f"/api/v1/questions/{hidden.id}/reports", {"reason": "typo"})
    assert reply.status_code == 404


def test_reports_are_listed_page_by_page(
    client: TestClient, session: Session, subject: Subject, teacher: dict[str, str]
) -> None:
    for _ in range(3):
        student = Student(client, session, make_user(session))
        session.commit()
        student.start(subject)
        report(student)
    first = client.get("/api/v1/question-reports?limit=2", headers=teacher).json()
    rest = client.get(f"/api/v1/question-reports?limit=2&cursor={first['next_cursor']}", headers=teacher).json()
    assert len({item["id"] for item in (*first["items"], *rest["items"])}) == 3
    assert rest["next_cursor"] is None
