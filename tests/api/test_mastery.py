"""Mastery states over HTTP: they rise with answers, fall never silently, and leave a history."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.api.deps import get_now
from app.domain.enums import Role
from app.models import Attempt, LearnerSkillState, MasteryEvent, ReviewCardRecord, Skill, Subject
from tests.factories.derived_tables import drift, replay_all, snapshot
from tests.factories.practice import Student
from tests.factories.questions import make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock(app: FastAPI) -> Any:
    clock = Clock()
    app.dependency_overrides[get_now] = lambda: clock.now
    yield clock
    app.dependency_overrides.pop(get_now)


@pytest.fixture
def subject(session: Session) -> Subject:
    return make_subject(session)


@pytest.fixture
def skill(session: Session, subject: Subject) -> Skill:
    skill = make_skill(session, subject)
    make_questions(session, subject, 40, [skill])
    session.commit()
    return skill


@pytest.fixture
def student(client: TestClient, session: Session, skill: Skill) -> Student:
    user = make_user(session)
    session.commit()
    return Student(client, session, user)


def believed(session: Session, probability: float, **values: object) -> None:
    """Put the student's skill near a chance of mastery, as many answers would."""
    mean = 3.0 if probability > 0.5 else -3.0
    session.execute(
        update(LearnerSkillState).values(mean=mean, variance=0.05, mastery=probability, **values),
        execution_options={"synchronize_session": False},
    )
    session.commit()


def history(session: Session) -> list[tuple[str, str, str]]:
    rows = session.scalars(select(MasteryEvent).order_by(MasteryEvent.attempt_id)).all()
    return [(row.from_state, row.to_state, row.cause) for row in rows]


def test_the_first_answer_starts_a_skill(student: Student, subject: Subject, session: Session, clock: Clock) -> None:
    student.start(subject)
    [change] = student.answer()["mastery"]
    assert (change["state_before"], change["state_after"], change["changes"]) == (
        "not_started",
        "learning",
        ["started"],
    )
    assert change["text"] == "You started this skill."
    assert student.answer()["mastery"][0]["text"] is None
    assert history(session) == [("not_started", "learning", "started")]


def test_right_answers_learn_a_skill_and_mixed_ones_a_day_later_master_it(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    student.start(subject)
    student.answer()
    believed(session, 0.89)
    student.answer()
    clock.wait(hours=23)
    assert student.answer()["mastery"][0]["changes"] == []
    clock.wait(hours=2)
    replies = [student.answer()["mastery"][0] for _ in range(2)]
    assert [reply["state_after"] for reply in replies] == ["learned", "mastered"]
    assert [cause for _, _, cause in history(session)] == ["started", "learned", "confirmed", "mastered"]


def test_a_skill_practised_alone_is_not_confirmed(
    student: Student, subject: Subject, skill: Skill, session: Session, clock: Clock
) -> None:
    student.start(subject, skill_ids=[str(skill.id)])
    student.answer()
    believed(session, 0.95, state="learned", learned_at=NOON)
    clock.wait(days=3)
    assert student.answer()["mastery"][0]["changes"] == []


def test_a_slip_is_told_and_one_right_answer_brings_the_state_back(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    student.start(subject)
    student.answer()
    believed(session, 0.2, state="mastered", learned_at=NOON, confirmations=2)
    slip, recovered = (student.answer(right=right)["mastery"][0] for right in (False, True))
    assert (slip["state_after"], slip["changes"]) == ("needs_review", ["slipped"])
    assert "One right answer brings the skill back" in slip["text"]
    assert (recovered["state_after"], recovered["changes"]) == ("mastered", ["recovered"])


@pytest.mark.parametrize("reason", ["too_easy", "known"])
def test_a_students_word_recovers_and_confirms_nothing(
    student: Student, subject: Subject, session: Session, clock: Clock, reason: str
) -> None:
    student.start(subject)
    student.answer()
    believed(session, 0.95, state="needs_review", learned_at=NOON, before_review="learned")
    clock.wait(days=2)
    reply = student.step("skips", {"reason": reason}).json()
    assert (reply["mastery"][0]["state_after"], reply["review"]) == ("needs_review", None)


def test_known_counts_less_than_too_easy(student: Student, subject: Subject, session: Session, clock: Clock) -> None:
    student.start(subject)
    for reason in ("known", "too_easy"):
        reply = student.step("skips", {"reason": reason}).json()
        assert reply["mastery"][0]["after"] > reply["mastery"][0]["before"]
        student.shown = reply["next"]
    assert session.scalars(select(Attempt.weight).order_by(Attempt.id)).all() == [0.25, 0.5]


def test_a_resend_repeats_state_and_review(student: Student, subject: Subject, clock: Clock) -> None:
    student.start(subject)
    body = {
        "assignment_id": student.shown["assignment_id"],
        "response": student.response(right=True),
        "client_key": "the-same-again",
    }
    first, second = (student.send_answer(body).json() for _ in range(2))
    assert first["mastery"][0]["changes"] == ["started"]
    assert first["review"]["rating"] == "good"
    assert first == second


def test_deferred_grades_hide_the_state_until_the_end(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    practice = student.start(subject, behaviour="deferred", length=2)
    reply = student.answer()
    assert (reply["mastery"], reply["review"], history(session)) == ([], None, [])
    student.post(f"/api/v1/practice-sessions/{practice['id']}/finish")
    assert history(session) == [("not_started", "learning", "started")]
    assert session.scalar(select(ReviewCardRecord.phase)) == "learning"


def test_a_teacher_picks_the_rule_and_it_judges_from_the_next_answer_on(
    client: TestClient, student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    teacher = auth(client, make_user(session, role=Role.TEACHER))
    session.commit()
    student.start(subject)
    for _ in range(2):
        assert student.answer()["mastery"][0]["state_after"] == "learning"
    path = f"/api/v1/subjects/{subject.id}"
    changed = client.patch(path, json={"mastery_rule": "three_of_last_five"}, headers=teacher)
    assert changed.json()["mastery_rule"] == "three_of_last_five"
    assert student.get(path).json()["mastery_rule"] == "three_of_last_five"
    [change] = student.answer()["mastery"]
    assert (change["state_after"], change["changes"], change["after"] < 0.9) == ("learned", ["learned"], True)
    for _ in range(2):
        [change] = student.answer(right=False)["mastery"]
        assert change["state_after"] == "learned"
    [slip] = student.answer(right=False)["mastery"]
    assert (slip["state_after"], slip["changes"]) == ("needs_review", ["slipped"])
    [back] = student.answer()["mastery"]
    assert (back["state_after"], back["changes"]) == ("learned", ["recovered"])
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_rules_are_shown_with_what_they_declare(client: TestClient, session: Session, student: Student) -> None:
    teacher = auth(client, make_user(session, role=Role.TEACHER))
    session.commit()
    shown = client.get("/api/v1/mastery-rules", headers=teacher).json()
    rules = {rule["name"]: rule for rule in shown["rules"]}
    assert (shown["answers"], shown["runs"], len(rules)) == (20, 40_000, 6)
    assert rules["eight_of_last_ten"]["false_mastery"] == pytest.approx(0.746, abs=0.01)
    outcomes = {each["success"]: each["declared"] for each in rules["wilson_bound"]["outcomes"]}
    assert outcomes[0.90] == pytest.approx(0.929, abs=0.01)
    assert rules["posterior"]["false_mastery"] < rules["eight_of_last_ten"]["false_mastery"]
    assert client.get("/api/v1/mastery-rules", headers=student.headers).status_code == 403
