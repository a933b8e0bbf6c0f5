"""Essays wait for a teacher, whose grade counts exactly once."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType, Role
from app.domain.question_draft import QuestionDraft
from app.models import AttemptGrade, LearnerStateRecord, PracticeSession, Question, Skill, Subject
from tests.factories.derived_tables import drift, replay_all, snapshot
from tests.factories.practice import Student
from tests.factories.questions import make_question, make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    draft = QuestionDraft(type=QuestionType.ESSAY, stem="Why is the sky blue?", explanation="Look for scattering.")
    make_question(session, subject, draft, skills=[make_skill(session, subject)])
    session.commit()
    return subject


def write(student: Student, subject: Subject, behaviour: str = "immediate") -> str:
    practice = student.start(subject, behaviour=behaviour, length=1)
    certainty = {"certainty": 3} if behaviour == "certainty" else {}
    assert student.send_answer({"response": {"text": "Because of scattering."}, **certainty}).status_code == 201
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


def grade_of(client: TestClient, teacher: dict[str, str], fraction: float) -> str:
    """The path of the only waiting essay, graded."""
    [essay] = client.get("/api/v1/essays", headers=teacher).json()["items"]
    path = f"/api/v1/essays/{essay['id']}"
    assert client.post(f"{path}/grade", json={"fraction": fraction, "comment": "Hm."}, headers=teacher).is_success
    return path


BETTER = {"fraction": 1.0, "comment": "You are right.", "correction": "Read too fast.", "corrects": 2}


@pytest.mark.parametrize("behaviour", ["immediate", "certainty", "deferred", "exam"])
def test_a_corrected_grade_takes_the_place_of_the_first(
    client: TestClient, student: Student, subject: Subject, session: Session, teacher: dict[str, str], behaviour: str
) -> None:
    practice_id = write(student, subject, behaviour)
    path = grade_of(client, teacher, 0.25)
    replies = [client.post(f"{path}/corrections", json=BETTER, headers=teacher) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert replies[0].json() == replies[1].json()
    assert (replies[0].json()["number"], replies[0].json()["fraction"]) == (3, 1.0)
    session.expire_all()
    learner = session.scalars(select(LearnerStateRecord)).one()
    assert (learner.answers, learner.wins) == (1, 1.0)
    practice = session.scalars(select(PracticeSession)).one()
    assert (practice.answered, practice.score) == (1, 1.0)
    [shown] = student.get(f"/api/v1/practice-sessions/{practice_id}/summary").json()["questions"]
    assert (shown["state"], shown["fraction"], shown["comment"]) == ("right", 1.0, "You are right.")
    assert shown["corrected_at"] is not None
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_the_history_of_a_grade_tells_who_when_what_and_why(
    client: TestClient, student: Student, subject: Subject, session: Session, teacher: dict[str, str]
) -> None:
    write(student, subject)
    path = grade_of(client, teacher, 0.25)
    other = make_user(session, role=Role.TEACHER, name="Ms Other")
    session.commit()
    client.post(f"{path}/corrections", json=BETTER, headers=auth(client, other))
    grades = client.get(f"{path}/grades", headers=teacher).json()["items"]
    assert [(grade["number"], grade["fraction"], grade["correction"]) for grade in grades] == [
        (2, 0.25, ""),
        (3, 1.0, "Read too fast."),
    ]
    assert grades[0]["graded_by"] != grades[1]["graded_by"] == str(other.id)
    assert grades[0]["graded_at"] <= grades[1]["graded_at"]
    [listed] = client.get(f"/api/v1/essays/graded?subject_id={subject.id}", headers=teacher).json()["items"]
    assert (listed["grade"]["number"], listed["grade"]["grader_name"]) == (3, "Ms Other")
    assert listed["text"] == "Because of scattering."


def test_what_cannot_be_corrected_is_refused(
    client: TestClient, student: Student, subject: Subject, teacher: dict[str, str]
) -> None:
    write(student, subject)
    [essay] = client.get("/api/v1/essays", headers=teacher).json()["items"]
    path = f"/api/v1/essays/{essay['id']}"
    early = client.post(f"{path}/corrections", json=BETTER, headers=teacher)
    assert (early.status_code, early.json()["code"]) == (409, "not_graded")
    grade_of(client, teacher, 0.5)
    stale = client.post(f"{path}/corrections", json={**BETTER, "corrects": 1}, headers=teacher)
    assert (stale.status_code, stale.json()["code"]) == (409, "grade_changed")
    without_reason = client.post(f"{path}/corrections", json={**BETTER, "correction": ""}, headers=teacher)
    assert without_reason.status_code == 422
    assert client.post(f"/api/v1/essays/{subject.id}/corrections", json=BETTER, headers=teacher).status_code == 404
    assert student.post(f"{path}/corrections", BETTER).status_code == 403
    assert student.get(f"{path}/grades").status_code == 403
    assert student.get("/api/v1/essays/graded").status_code == 403


def test_later_practice_counts_as_if_the_corrected_grade_had_been_the_first(
    client: TestClient, student: Student, subject: Subject, session: Session, teacher: dict[str, str]
) -> None:
    skill = session.scalars(select(Skill)).one()
    make_questions(session, subject, 12, [skill])
    session.commit()
    write_essay(student, subject, session)
    path = grade_of(client, teacher, 0.0)
    student.start(subject, length=6)
    for right in (True, False, True, True, False, True):
        student.answer(right=right)
    wrong = session.scalars(select(LearnerStateRecord.mean)).one()
    client.post(f"{path}/corrections", json=BETTER, headers=teacher)
    session.expire_all()
    learner = session.scalars(select(LearnerStateRecord)).one()
    assert learner.mean > wrong
    assert (learner.answers, learner.wins) == (7, 5.0)
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def write_essay(student: Student, subject: Subject, session: Session) -> None:
    """The essay, although there are other questions."""
    essay = session.scalars(select(Question.id).where(Question.type == QuestionType.ESSAY.value)).one()
    student.start(subject, mode="fixed", question_ids=[str(essay)])
    assert student.send_answer({"response": {"text": "Because of scattering."}}).status_code == 201
