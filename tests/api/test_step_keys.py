"""The key of a step belongs to that step alone: nobody can take one of the server's, or use one of their own twice."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft
from app.models import Attempt, LearnerStateRecord, PracticeSession, Question, Subject
from tests.factories.derived_tables import drift, replay_all, snapshot
from tests.factories.practice import Student
from tests.factories.questions import choice_draft, make_question, make_questions
from tests.factories.subjects import make_skill, make_subject

OWN_STEPS = ("close", "draft", "graded", "regraded-1", "regraded-2")


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    make_questions(session, subject, 30, [make_skill(session, subject)])
    session.commit()
    return subject


def path_of(student: Student, tail: str) -> str:
    return f"/api/v1/practice-sessions/{student.practice['id']}/{tail}"


def named_after(student: Student, own_step: str) -> str:
    """A key made from what the student knows, as if the server made the step."""
    assert student.shown is not None
    return f"{own_step}-{UUID(student.shown['assignment_id']).hex}"


def attempts(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Attempt)) or 0


@pytest.mark.parametrize("own_step", OWN_STEPS)
def test_a_put_off_answer_counts_whatever_its_key_is_called(
    student: Student, subject: Subject, session: Session, own_step: str
) -> None:
    student.start(subject, behaviour="deferred", length=2)
    student.answer(right=False, key=named_after(student, own_step))
    student.answer(right=True, key=named_after(student, own_step))
    finished = student.post(path_of(student, "finish")).json()
    assert (finished["answered"], finished["score"]) == (2, 1.0)
    assert [row["state"] for row in student.get(path_of(student, "summary")).json()["questions"]] == ["wrong", "right"]
    assert session.scalar(select(LearnerStateRecord.answers)) == 2
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_an_exam_by_list_scores_every_answer_whatever_its_key_is_called(
    student: Student, subject: Subject, session: Session
) -> None:
    ids = session.scalars(select(Question.id).where(Question.subject_id == subject.id).limit(4)).all()
    student.start(subject, mode="exam", question_ids=[str(question_id) for question_id in ids])
    paper = student.get(path_of(student, "questions")).json()["questions"]
    for number, question in enumerate(paper):
        student.shown = question["shown"]
        student.answer(right=number == 0, key=None if number == 0 else named_after(student, "close"))
    student.post(path_of(student, "finish"))
    result = student.get(path_of(student, "result")).json()
    assert (result["answered"], result["score"]) == (4, 0.25)
    assert session.scalar(select(PracticeSession.score)) == 1.0
    assert session.scalar(select(PracticeSession.answered)) == 4


def test_giving_up_in_a_placement_moves_the_level_whatever_the_key_is_called(
    student: Student, subject: Subject, session: Session
) -> None:
    student.start(subject, mode="placement", length=5)
    for _ in range(5):
        key = named_after(student, "close")
        reply = student.step("skips", {"reason": "dont_know", "client_key": key}).json()
        student.shown = reply["next"] or student.shown
    student.post(path_of(student, "finish"))
    session.expire_all()
    learner = session.scalars(select(LearnerStateRecord)).one()
    assert learner.answers == 5
    assert learner.mean < 0.0


@pytest.mark.parametrize("own_step", ["graded", "regraded-3"])
def test_a_teacher_grades_an_essay_and_corrects_it_whatever_its_key_is_called(
    client: TestClient, student: Student, session: Session, teacher: dict[str, str], own_step: str
) -> None:
    subject = make_subject(session)
    make_question(session, subject, QuestionDraft(type=QuestionType.ESSAY, stem="Why is the sky blue?"))
    session.commit()
    student.start(subject, length=1)
    sent = {"response": {"text": "Scattering."}, "client_key": named_after(student, own_step)}
    assert student.send_answer(sent).status_code == 201
    [essay] = client.get("/api/v1/essays", headers=teacher).json()["items"]
    graded = client.post(f"/api/v1/essays/{essay['id']}/grade", json={"fraction": 0.5}, headers=teacher)
    assert graded.status_code == 201, graded.text
    assert session.scalar(select(LearnerStateRecord.wins)) == 0.5
    better = {"fraction": 1.0, "comment": "", "correction": "Read too fast.", "corrects": 2}
    corrected = client.post(f"/api/v1/essays/{essay['id']}/corrections", json=better, headers=teacher)
    assert corrected.status_code == 201, corrected.text


def test_a_draft_counts_whatever_the_key_of_the_answer_before_it_is_called(
    student: Student, subject: Subject, session: Session
) -> None:
    student.start(subject, mode="exam", question_ids=[str(session.scalars(select(Question.id)).first())])
    student.answer(right=False, key=named_after(student, "draft"))
    assert student.shown is not None
    draft = path_of(student, f"drafts/{student.shown['assignment_id']}")
    saved = student.client.put(draft, json={"response": student.response(right=True)}, headers=student.headers)
    assert saved.status_code == 200, saved.text
    assert student.post(path_of(student, "finish")).json()["score"] == 1.0


@pytest.mark.parametrize("key", ["close:{}", "draft:{}", "graded:{}", "a key of mine", "öffentlich", "line-feed\n"])
def test_a_key_has_no_characters_of_the_servers_own(
    student: Student, subject: Subject, session: Session, key: str
) -> None:
    student.start(subject)
    assert student.shown is not None
    key = key.format(UUID(student.shown["assignment_id"]).hex)
    reply = student.send_answer({"response": student.response(right=True), "client_key": key})
    assert (reply.status_code, attempts(session)) == (422, 0)


def answered(student: Student, subject: Subject, **wish: Any) -> dict[str, Any]:
    """The body of a wrong answer that the server has taken in."""
    student.start(subject, **wish)
    assert student.shown is not None
    wrong, assignment = student.response(right=False), student.shown["assignment_id"]
    body = {"assignment_id": assignment, "client_key": "key-of-a-step", "elapsed_ms": 4000, "response": wrong}
    student.shown = student.post(path_of(student, "answers"), body).json()["next"] or student.shown
    return body


def is_refused(student: Student, action: str, body: dict[str, Any]) -> bool:
    reply = student.post(path_of(student, action), body)
    return (reply.status_code, reply.json()["code"]) == (409, "idempotency_key_reused")


def test_another_answer_under_the_same_key_is_refused(student: Student, subject: Subject, session: Session) -> None:
    student.start(subject, mode="exam", question_ids=[str(session.scalars(select(Question.id)).first())])
    wrong, right = ({"response": student.response(right=right)} for right in (False, True))
    key = {"client_key": "key-of-a-step"}
    assert student.send_answer(wrong | key).status_code == 201
    refused = student.send_answer(right | key)
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")
    assert student.send_answer(right).status_code == 201
    assert attempts(session) == 2


def test_the_key_of_one_question_is_refused_for_another(student: Student, subject: Subject, session: Session) -> None:
    body = answered(student, subject)
    assert student.shown is not None
    other = body | {"assignment_id": student.shown["assignment_id"], "response": student.response(right=True)}
    assert is_refused(student, "answers", other)
    assert attempts(session) == 1
    assert student.answer(right=True)["session"]["answered"] == 2


def test_the_key_of_one_session_is_refused_in_another(student: Student, subject: Subject, session: Session) -> None:
    body = answered(student, subject)
    student.start(subject)
    assert is_refused(student, "answers", body)
    assert attempts(session) == 1


@pytest.mark.parametrize(
    ("action", "more"),
    [("hints", {}), ("reveals", {}), ("skips", {"reason": "not_now"}), ("skips", {"reason": "dont_know"})],
)
def test_the_key_of_an_answer_is_refused_for_another_kind_of_step(
    student: Student, subject: Subject, session: Session, action: str, more: dict[str, str]
) -> None:
    body = answered(student, subject)
    del body["response"]
    assert is_refused(student, action, body | more)
    assert attempts(session) == 1


def test_the_key_of_a_skip_is_refused_for_another_reason(student: Student, subject: Subject) -> None:
    student.start(subject)
    assert student.shown is not None
    body = {"assignment_id": student.shown["assignment_id"], "client_key": "key-of-a-skip", "reason": "too_easy"}
    first = student.post(path_of(student, "skips"), body)
    assert is_refused(student, "skips", body | {"reason": "known"})
    assert student.post(path_of(student, "skips"), body).json() == first.json()


def test_another_certainty_under_the_same_key_is_refused(student: Student, subject: Subject) -> None:
    student.start(subject, behaviour="certainty")
    assert student.shown is not None
    body = {"response": student.response(right=True), "client_key": "key-of-a-step", "certainty": 1}
    body["assignment_id"] = student.shown["assignment_id"]
    assert student.send_answer(body).status_code == 201
    assert is_refused(student, "answers", body | {"certainty": 3})


def test_the_time_may_go_on_until_a_step_is_sent_again(student: Student, subject: Subject, session: Session) -> None:
    """A client that measures anew for each try is right to do so; the time of the first counts."""
    body = answered(student, subject)
    replies = [student.post(path_of(student, "answers"), body | {"elapsed_ms": later}) for later in (4000, 9000)]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert replies[0].json() == replies[1].json()
    assert session.scalars(select(Attempt.elapsed_ms)).all() == [4000]


def test_another_order_of_the_chosen_options_is_the_same_answer(student: Student, session: Session) -> None:
    subject = make_subject(session)
    make_question(session, subject, choice_draft(type=QuestionType.MULTIPLE_RESPONSE))
    session.commit()
    shown = student.start(subject)["current"]
    chosen = [option["id"] for option in shown["question"]["options"]]
    sent = [{"response": {"choices": ids}, "client_key": "key-of-a-step"} for ids in (chosen, chosen[::-1])]
    replies = [student.send_answer({"assignment_id": shown["assignment_id"], **body}) for body in sent]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert replies[0].json() == replies[1].json()
    assert attempts(session) == 1


def test_a_resend_after_the_end_gets_the_first_reply(student: Student, subject: Subject) -> None:
    student.start(subject, length=1)
    assert student.shown is not None
    body = {"assignment_id": student.shown["assignment_id"], "client_key": "key-of-the-last"}
    body["response"] = student.response(right=True)
    first = student.send_answer(body)
    student.post(path_of(student, "finish"))
    assert student.send_answer(body).json() == first.json()


def test_a_resend_of_an_essay_gets_the_first_reply_after_its_grade_too(
    client: TestClient, student: Student, session: Session, teacher: dict[str, str]
) -> None:
    subject = make_subject(session)
    make_question(session, subject, QuestionDraft(type=QuestionType.ESSAY, stem="Why is the sky blue?"))
    session.commit()
    student.start(subject, length=1)
    body = {"response": {"text": "Scattering."}, "client_key": "key-of-an-essay"}
    first = student.send_answer(body)
    [essay] = client.get("/api/v1/essays", headers=teacher).json()["items"]
    client.post(f"/api/v1/essays/{essay['id']}/grade", json={"fraction": 0.5}, headers=teacher)
    assert student.send_answer(body).json() == first.json()
