"""Placements and exams over HTTP: what is asked, time, drafts, hand-in and the result."""

import math
import random
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType, Role
from app.domain.question_draft import QuestionDraft
from app.models import Assignment, ItemParameter, LearnerStateRecord, PracticeSession, Question, Subject
from tests.factories.clock import NOON, Clock
from tests.factories.derived_tables import drift, replay_all, snapshot
from tests.factories.practice import Student
from tests.factories.questions import choice_draft, make_question, make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user


@pytest.fixture
def subject(session: Session) -> Subject:
    """Two skills with forty questions each, from easy to hard."""
    subject = make_subject(session)
    for _ in range(2):
        make_questions(session, subject, 40, [make_skill(session, subject)])
    session.commit()
    return subject


def path_of(student: Student, tail: str = "") -> str:
    return f"/api/v1/practice-sessions/{student.practice['id']}{tail}"


def hand_in(student: Student) -> dict[str, Any]:
    reply = student.post(path_of(student, "/finish"))
    assert reply.status_code == 200, reply.text
    return student.get(path_of(student, "/result")).json()


def question_ids(session: Session, subject: Subject, number: int) -> list[str]:
    found = session.scalars(select(Question.id).where(Question.subject_id == subject.id).limit(number))
    return [str(question_id) for question_id in found]


def sit(student: Student, session: Session, ability: float, rng: random.Random) -> int:
    """Answer like somebody of that ability until the test ends; how many questions that took."""
    answered, following = 0, student.shown
    while following is not None:
        difficulty = session.scalars(
            select(ItemParameter.difficulty).where(ItemParameter.id == UUID(following["question_id"]))
        ).one()
        chance = 1 / (1 + math.exp(difficulty - ability))
        student.shown = following
        following = student.answer(right=rng.random() < chance)["next"]
        answered += 1
    return answered


def test_a_placement_finds_the_level_and_tells_it_at_the_end(
    student: Student, subject: Subject, session: Session
) -> None:
    practice = student.start(subject, mode="placement", length=25)
    assert (practice["behaviour"], practice["current"]["kind"]) == ("exam", "exam")
    assert practice["current"]["reason"]["code"] == "measures"
    first = student.answer(right=True)
    assert (first["state"], first["answer"], first["mastery"], first["session"]["score"]) == (None, None, [], None)
    assert student.get(path_of(student, "/result")).status_code == 409
    assert sit(student, session, ability=1.0, rng=random.Random(1)) == 24
    result = hand_in(student)
    assert (result["ended"], result["questions"], result["answered"]) == ("length", 25, 25)
    assert result["ability_low"] < 1.0 < result["ability_high"]
    assert result["standard_error"] < 0.5
    assert 0 < result["success_low"] < result["success"] < result["success_high"] < 1
    assert sum(area["questions"] for area in result["areas"]) == 25


def test_every_choice_of_a_test_is_one_of_the_five_best_and_says_so(
    student: Student, subject: Subject, session: Session
) -> None:
    student.start(subject, mode="placement", length=10)
    sit(student, session, ability=0.0, rng=random.Random(2))
    rows = session.scalars(select(Assignment).order_by(Assignment.position)).all()
    assert {(row.kind, row.propensity) for row in rows} == {("exam", 0.2)}
    assert all({"discrimination", "location", "guessing", "information", "ability"} == row.terms.keys() for row in rows)
    assert len({row.question_id for row in rows}) == 10


def test_shares_of_the_content_are_kept(student: Student, subject: Subject, session: Session) -> None:
    skills = student.get(f"/api/v1/subjects/{subject.id}/skills").json()["items"]
    shares = [{"skill_id": skill["id"], "share": share} for skill, share in zip(skills, (0.7, 0.3), strict=True)]
    student.start(subject, mode="exam", length=20, test={"shares": shares, "standard_error": None})
    sit(student, session, ability=0.5, rng=random.Random(3))
    asked = Counter(area["skill_id"] for area in hand_in(student)["areas"] for _ in range(area["questions"]))
    assert [asked[skill["id"]] for skill in skills] == [14, 6]


def test_a_test_ends_as_soon_as_it_is_precise_enough(student: Student, subject: Subject, session: Session) -> None:
    student.start(subject, mode="exam", length=60, test={"standard_error": 0.6})
    answered = sit(student, session, ability=0.0, rng=random.Random(4))
    result = hand_in(student)
    assert (result["ended"], result["questions"]) == ("precision", answered)
    assert answered < 20
    assert result["standard_error"] <= 0.6


@pytest.mark.parametrize(("ability", "ended", "passed"), [(2.5, "above_cut", True), (-2.5, "below_cut", False)])
def test_a_test_with_a_pass_mark_ends_when_the_side_is_clear(
    student: Student, subject: Subject, session: Session, ability: float, ended: str, passed: bool
) -> None:
    student.start(subject, mode="exam", length=50, test={"pass_mark": 0.5, "standard_error": None})
    assert sit(student, session, ability, random.Random(5)) < 40
    result = hand_in(student)
    assert (result["ended"], result["passed"], result["pass_mark"]) == (ended, passed, 0.5)


def test_no_question_is_in_more_tests_than_the_cap_allows(
    client: TestClient, session: Session, subject: Subject
) -> None:
    tests = 12
    for number in range(tests):
        student = Student(client, session, make_user(session))
        session.commit()
        student.start(subject, mode="exam", length=8)
        sit(student, session, ability=0.0, rng=random.Random(number))
    shown = Counter(session.scalars(select(Assignment.question_id)))
    assert max(shown.values()) <= 0.20 * tests + 1


def test_an_answer_of_an_adaptive_test_is_final_and_not_knowing_is_one(student: Student, subject: Subject) -> None:
    student.start(subject, mode="placement", length=5)
    first = student.shown
    given_up = student.step("skips", {"reason": "dont_know"}).json()
    assert (given_up["state"], given_up["answer"], given_up["finished"]) == (None, None, False)
    assert given_up["next"] is not None
    student.shown = first
    late = student.send_answer({"response": student.response(right=True)})
    assert (late.status_code, late.json()["code"]) == (409, "question_finished")
    draft = student.client.put(
        path_of(student, f"/drafts/{first['assignment_id']}"),
        json={"response": student.response(right=True)},
        headers=student.headers,
    )
    assert (draft.status_code, draft.json()["code"]) == (409, "question_finished")


def test_an_exam_by_list_can_be_answered_in_any_order_and_again(
    student: Student, subject: Subject, session: Session
) -> None:
    ids = question_ids(session, subject, 4)
    practice = student.start(subject, mode="exam", question_ids=ids, test={"pass_mark": 0.5})
    assert (practice["shown"], practice["length"]) == (4, 4)
    paper = student.get(path_of(student, "/questions")).json()["questions"]
    assert [question["shown"]["question_id"] for question in paper] == ids
    for at, right in ((2, False), (0, True), (2, True)):
        student.shown = paper[at]["shown"]
        assert student.answer(right=right)["next"] is None
    now = student.get(path_of(student, "/questions")).json()["questions"]
    assert [question["response"] is not None for question in now] == [True, False, True, False]
    result = hand_in(student)
    assert (result["ended"], result["score"], result["passed"], result["answered"]) == ("handed_in", 0.5, True, 2)
    summary = student.get(path_of(student, "/summary")).json()
    assert [question["state"] for question in summary["questions"]] == ["right", "right"]


def test_time_is_kept_by_the_server(student: Student, subject: Subject, clock: Clock) -> None:
    practice = student.start(subject, mode="exam", length=5, test={"time_limit_minutes": 10})
    assert (practice["deadline_at"], practice["seconds_left"]) == ("2026-03-01T12:10:00Z", 600.0)
    clock.now = NOON + timedelta(minutes=9, seconds=59)
    student.answer(right=True)
    assert student.post(path_of(student, "/pause")).status_code == 409
    clock.now = NOON + timedelta(minutes=10, seconds=6)
    late = student.send_answer({"response": student.response(right=True)})
    assert (late.status_code, late.json()["code"]) == (409, "time_is_up")
    assert student.get(path_of(student)).json()["seconds_left"] == 0.0
    result = hand_in(student)
    assert (result["ended"], result["answered"]) == ("time", 1)


def test_no_practice_tells_keys_while_a_timed_exam_runs(student: Student, subject: Subject, clock: Clock) -> None:
    practice = student.start(subject)
    open_question = student.shown
    exam = student.start(subject, mode="exam", length=5, test={"time_limit_minutes": 10})
    refused = student.post("/api/v1/practice-sessions", {"subject_id": str(subject.id)})
    assert (refused.status_code, refused.json()["code"]) == (409, "exam_running")
    resumed = student.post(f"/api/v1/practice-sessions/{practice['id']}/resume")
    assert (resumed.status_code, resumed.json()["code"]) == (409, "exam_running")
    student.practice, student.shown = practice, open_question
    late = student.send_answer({"response": student.response(right=True)})
    assert (late.status_code, late.json()["code"]) == (409, "session_not_active")
    assert student.post(f"/api/v1/practice-sessions/{exam['id']}/finish").status_code == 200
    assert student.post(f"/api/v1/practice-sessions/{practice['id']}/resume").json()["status"] == "active"
    assert student.answer(right=True)["state"] == "right"


@pytest.mark.parametrize("late_s", [0.0, 4.9])
def test_nothing_that_was_prepared_tells_keys_while_a_timed_exam_runs(
    student: Student, subject: Subject, session: Session, clock: Clock, late_s: float
) -> None:
    asked = question_ids(session, subject, 3)
    finished, open_ = (student.start(subject, mode="fixed", behaviour="deferred", question_ids=asked) for _ in range(2))
    student.answer(right=False)
    assert student.post(f"/api/v1/practice-sessions/{finished['id']}/finish").status_code == 200
    exam = student.start(subject, mode="exam", question_ids=asked, test={"time_limit_minutes": 1})
    clock.now = NOON + timedelta(minutes=1, seconds=late_s)
    replies = [
        student.post(f"/api/v1/practice-sessions/{open_['id']}/finish"),
        student.get(f"/api/v1/practice-sessions/{finished['id']}/summary"),
        student.get("/api/v1/users/me/data"),
        student.post("/api/v1/practice-sessions", {"subject_id": str(subject.id)}),
    ]
    assert [(reply.status_code, reply.json()["code"]) for reply in replies] == [(409, "exam_running")] * 4
    assert student.post(f"/api/v1/practice-sessions/{exam['id']}/finish").status_code == 200
    assert student.get(f"/api/v1/practice-sessions/{finished['id']}/summary").status_code == 200
    assert student.get("/api/v1/users/me/data").status_code == 200


def test_an_exam_that_nobody_handed_in_holds_up_nothing_for_ever(
    student: Student, subject: Subject, clock: Clock
) -> None:
    student.start(subject, mode="exam", length=5, test={"time_limit_minutes": 1})
    clock.now = NOON + timedelta(minutes=1, seconds=5.1)
    assert student.start(subject)["status"] == "active"


def test_a_draft_counts_when_the_time_runs_out(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    ids = question_ids(session, subject, 3)
    student.start(subject, mode="exam", question_ids=ids, test={"time_limit_minutes": 10})
    paper = student.get(path_of(student, "/questions")).json()["questions"]
    for question, right in zip(paper, (True, True, False), strict=True):
        student.shown = question["shown"]
        body = {"response": student.response(right=right)}
        drafts = path_of(student, f"/drafts/{question['shown']['assignment_id']}")
        saved = student.client.put(drafts, json=body, headers=student.headers)
        assert saved.status_code == 200, saved.text
        clock.now += timedelta(seconds=1)
    student.shown = paper[1]["shown"]
    student.answer(right=False)
    resumed = student.get(path_of(student, "/questions")).json()["questions"]
    assert [question["draft"] is not None for question in resumed] == [True, False, True]
    clock.now = NOON + timedelta(minutes=11)
    refused = student.client.put(drafts, json=body, headers=student.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "time_is_up")
    result = hand_in(student)
    assert (result["ended"], result["answered"], result["score"]) == ("time", 3, pytest.approx(1 / 3, abs=1e-4))


def test_a_draft_that_is_no_answer_is_left_out(student: Student, subject: Subject, session: Session) -> None:
    student.start(subject, mode="exam", question_ids=question_ids(session, subject, 1))
    drafts = path_of(student, f"/drafts/{student.shown['assignment_id']}")
    assert student.client.put(drafts, json={"response": {"choice": "none"}}, headers=student.headers).status_code == 200
    assert hand_in(student)["answered"] == 0


def test_extra_time_belongs_to_the_student_or_to_one_exam(
    client: TestClient, student: Student, subject: Subject, session: Session, clock: Clock, teacher: dict[str, str]
) -> None:
    admin = auth(client, make_user(session, role=Role.ADMIN))
    session.commit()
    changed = client.patch(f"/api/v1/users/{student.user.id}", json={"extra_time": 0.25}, headers=admin)
    assert changed.json()["extra_time"] == 0.25
    assert student.start(subject, mode="exam", length=5, test={"time_limit_minutes": 40})["seconds_left"] == 50 * 60
    extra = f"/api/v1/students/{student.user.id}/practice-sessions/{student.practice['id']}/extra-time"
    for _ in range(2):
        longer = client.put(extra, json={"minutes": 10}, headers=teacher).json()
        assert (longer["deadline_at"], longer["seconds_left"]) == ("2026-03-01T13:00:00Z", 3600.0)
    hand_in(student)
    assert client.put(extra, json={"minutes": 20}, headers=teacher).status_code == 409


def test_tests_ask_only_what_is_graded_at_once(student: Student, session: Session) -> None:
    subject = make_subject(session)
    skills = [make_skill(session, subject)]
    make_question(session, subject, QuestionDraft(type=QuestionType.ESSAY, stem="Write."), skills=skills)
    make_question(session, subject, choice_draft(), skills=skills)
    session.commit()
    assert student.start(subject, mode="placement")["current"]["question"]["type"] == "single_choice"
    assert student.answer(right=True)["next"] is None


def test_a_placement_teaches_the_learner_model_and_can_be_replayed(
    student: Student, subject: Subject, session: Session
) -> None:
    student.start(subject, mode="placement", length=30)
    sit(student, session, ability=1.5, rng=random.Random(6))
    before = session.scalar(select(LearnerStateRecord.mean))
    result = hand_in(student)
    session.expire_all()
    learner = session.scalars(select(LearnerStateRecord)).one()
    assert before == 0.0
    assert learner.answers == 30
    assert abs(learner.mean - result["ability"]) < 2 * result["standard_error"]
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


@pytest.mark.parametrize(
    "wish",
    [
        {"mode": "placement", "question_ids": ["01a00000-0000-7000-8000-000000000000"]},
        {"mode": "adaptive", "test": {}},
        {"mode": "exam", "test": {"time_limit_minutes": 0}},
        {"mode": "exam", "test": {"standard_error": 0.01}},
        {"mode": "exam", "test": {"pass_mark": 1.0}},
    ],
)
def test_a_test_that_makes_no_sense_is_refused(student: Student, subject: Subject, wish: dict[str, Any]) -> None:
    reply = student.post("/api/v1/practice-sessions", {"subject_id": str(subject.id), **wish})
    assert reply.status_code == 422, reply.text


def test_tests_are_listed_apart_from_practice(student: Student, subject: Subject) -> None:
    student.start(subject)
    exam = student.start(subject, mode="exam", length=5, test={"time_limit_minutes": 10})
    hand_in(student)
    placement = student.start(subject, mode="placement", length=2)
    path = "/api/v1/practice-sessions?mode=exam&mode=placement"
    listed = student.get(path).json()["items"]
    assert [(item["id"], item["length"]) for item in listed] == [(placement["id"], 2), (exam["id"], 5)]
    assert [item["finished_at"] is None for item in listed] == [True, False]
    assert listed[1]["deadline_at"] == exam["deadline_at"]
    second = student.get(f"{path}&limit=1&cursor={placement['id']}").json()["items"]
    assert [item["id"] for item in second] == [exam["id"]]


def test_nobody_else_reaches_a_test_but_staff_read_its_result(
    client: TestClient, student: Student, subject: Subject, session: Session, teacher: dict[str, str]
) -> None:
    student.start(subject, mode="placement", length=2)
    stranger = auth(client, make_user(session))
    session.commit()
    for tail in ("/questions", "/result"):
        assert client.get(path_of(student, tail), headers=stranger).status_code == 404
    drafts = path_of(student, f"/drafts/{student.shown['assignment_id']}")
    assert client.put(drafts, json={"response": {}}, headers=stranger).status_code == 404
    student.answer(right=True)
    mine = hand_in(student)
    of_student = f"/api/v1/students/{student.user.id}/practice-sessions/{student.practice['id']}/result"
    assert client.get(of_student, headers=teacher).json() == mine
    assert client.get(of_student, headers=stranger).status_code == 403
    assert session.scalar(select(PracticeSession.status)) == "finished"
