"""Essays wait for a teacher, whose grade counts exactly once."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft
from app.models import AttemptGrade, LearnerStateRecord, PracticeSession, Subject
from tests.factories.derived_tables import drift, replay_all, snapshot
from tests.factories.practice import Student
from tests.factories.questions import make_question
from tests.factories.subjects import make_skill, make_subject


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    draft = QuestionDraft(type=QuestionType.ESSAY, stem="Why is the sky blue?", explanation="Look for scattering.")
    make_question(session, subject, draft, skills=[make_skill(session, subject)])
    session.commit()
    return subject


def write(student: Student, subject: Subject, behaviour: str = "immediate") -> str:
    practice = student.start(subject, behaviour=behaviour, length=1)
    assert student.send_answer({"response": {"text": "Because of scattering."}}).status_code == 201
    student.post(f"/api/v1/practice-sessions/{practice['id']}/finish")
    return str(practice["id"])


@pytest.mark.parametrize("behaviour", ["immediate", "deferred", "exam"])
def test_a_grade_counts_once_and_reaches_the_student(
    client: TestClient, student: Student, subject: Subject, session: Session, teacher: dict[str, str], behaviour: str
) -> None:
    practice_id = write(student, subject, behaviour)
    assert session.scalar(select(LearnerStateRecord.answers)) == 0
    [essay] = client.get(f"/api/v1/essays?subject_id={subject.id}", headers=teacher).json()["items"]
    assert (essay["text"], essay["explanation"]) == ("Because of scattering.", "Look for scattering.")
    assert (essay["stem"], essay["user_name"]) == ("Why is the sky blue?", student.user.name)
    path, body = f"/api/v1/essays/{essay['id']}/grade", {"fraction": 0.75, "comment": "Which light scatters most?"}
    replies = [client.post(path, json=body, headers=teacher) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [201, 201, 201]
    assert replies[0].json() == replies[1].json() == replies[2].json()
    assert session.scalar(select(func.count()).select_from(AttemptGrade)) == 2
    session.expire_all()
    learner = session.scalars(select(LearnerStateRecord)).one()
    assert (learner.answers, learner.wins) == (1, 0.75)
    practice = session.scalars(select(PracticeSession)).one()
    assert (practice.status, practice.answered, practice.score) == ("finished", 1, 0.75)
    assert client.get("/api/v1/essays", headers=teacher).json()["items"] == []
    summary = student.get(f"/api/v1/practice-sessions/{practice_id}/summary").json()
    [shown] = summary["questions"]
    assert (shown["state"], shown["fraction"], shown["comment"]) == ("partial", 0.75, "Which light scatters most?")
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_another_grade_afterwards_is_refused(
    client: TestClient, student: Student, subject: Subject, teacher: dict[str, str]
) -> None:
    write(student, subject)
    [essay] = client.get("/api/v1/essays", headers=teacher).json()["items"]
    path = f"/api/v1/essays/{essay['id']}/grade"
    client.post(path, json={"fraction": 1.0}, headers=teacher)
    other = client.post(path, json={"fraction": 0.0}, headers=teacher)
    assert (other.status_code, other.json()["code"]) == (409, "already_graded")


def test_an_essay_waits_for_the_end_of_its_exam(
    client: TestClient, student: Student, subject: Subject, session: Session, teacher: dict[str, str]
) -> None:
    ids = [student.start(subject)["current"]["question_id"]]
    practice = student.start(subject, mode="exam", question_ids=ids, test={"pass_mark": 0.5})
    assert student.send_answer({"response": {"text": "Because of scattering."}}).status_code == 201
    assert client.get("/api/v1/essays", headers=teacher).json()["items"] == []
    student.post(f"/api/v1/practice-sessions/{practice['id']}/finish")
    path = f"/api/v1/practice-sessions/{practice['id']}/result"
    before = student.get(path).json()
    assert (before["pending"], before["passed"]) == (1, None)
    [essay] = client.get("/api/v1/essays", headers=teacher).json()["items"]
    client.post(f"/api/v1/essays/{essay['id']}/grade", json={"fraction": 0.8}, headers=teacher)
    after = student.get(path).json()
    assert (after["pending"], after["score"], after["passed"]) == (0, 0.8, True)


def test_a_student_grades_nothing(client: TestClient, student: Student, subject: Subject, session: Session) -> None:
    write(student, subject)
    assert student.get("/api/v1/essays").status_code == 403
    assert student.step("skips", {"reason": "graded"}).status_code == 422
