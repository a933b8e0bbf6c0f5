"""Path, recommendations, progress and history over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models import LearnerSkillState, LearnerStateRecord, ModelVersion, Skill, Subject
from app.utils.ids import new_id
from tests.factories.clock import NOON, Clock
from tests.factories.practice import Student
from tests.factories.questions import make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user


@pytest.fixture
def subject(session: Session) -> Subject:
    return make_subject(session)


@pytest.fixture
def chain(session: Session, subject: Subject) -> list[Skill]:
    """Two skills, one after the other, and one beside them."""
    first = make_skill(session, subject, name="Fractions")
    second = make_skill(session, subject, name="Ratios", after=(first,))
    beside = make_skill(session, subject, name="Angles")
    for skill in (first, second, beside):
        make_questions(session, subject, 10, [skill])
    session.commit()
    return [first, second, beside]


def know(session: Session, student: Student, skill: Skill, state: str = "learned") -> None:
    session.merge(LearnerStateRecord(user_id=student.user.id, mean=0.0, variance=0.05, answers=30))
    row = {"mean": 2.5, "variance": 0.05, "mastery": 0.99, "answers": 30, "state": state, "learned_at": NOON}
    session.merge(LearnerSkillState(user_id=student.user.id, skill_id=skill.id, **row))
    session.commit()


def path(student: Student, subject: Subject, **query: Any) -> dict[str, Any]:
    reply = student.client.get(
        "/api/v1/learning-path", params={"subject_id": str(subject.id), **query}, headers=student.headers
    )
    assert reply.status_code == 200, reply.text
    return reply.json()


def recommended(student: Student, subject: Subject) -> list[dict[str, Any]]:
    return student.get(f"/api/v1/recommendations?subject_id={subject.id}").json()["items"]


def test_the_path_puts_prerequisites_first_and_says_why(
    student: Student, subject: Subject, chain: list[Skill], clock: Clock
) -> None:
    steps = {step["name"]: step for step in path(student, subject)["steps"]}
    first, last = steps["Fractions"], steps["Ratios"]
    assert list(steps).index("Fractions") < list(steps).index("Ratios")
    assert (first["is_ready"], first["opens"], first["reason"]["code"]) == (True, 1, "opens")
    assert (last["waits_for"], last["reason"]["text"][:21]) == ([str(chain[0].id)], "Comes after Fractions")
    assert NOON.date().isoformat() <= first["finished_on"] <= last["finished_on"]


def test_learned_skills_leave_the_path_and_open_the_next(
    student: Student, subject: Subject, chain: list[Skill], session: Session, clock: Clock
) -> None:
    know(session, student, chain[0])
    steps = path(student, subject, goal=[str(chain[1].id)])["steps"]
    assert [(step["name"], step["is_ready"]) for step in steps] == [("Ratios", True)]


def test_a_deadline_tells_the_pace_and_what_comes_too_late(
    student: Student, subject: Subject, chain: list[Skill], clock: Clock
) -> None:
    found = path(student, subject, deadline="2026-03-02")
    assert found["needed_per_day"] > found["questions_per_day"] == 10.0
    assert found["steps"][-1]["is_late"]
    assert not any(step["is_late"] for step in path(student, subject, deadline="2027-03-02")["steps"])


def test_a_skill_without_questions_stops_nobody(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    empty = make_skill(session, subject, name="Empty")
    after = make_skill(session, subject, name="After", after=(empty,))
    make_questions(session, subject, 5, [after])
    session.commit()
    steps = path(student, subject)["steps"]
    assert [(step["name"], step["is_ready"]) for step in steps] == [("After", True)]


def test_goals_and_deadlines_must_fit(student: Student, subject: Subject, chain: list[Skill], clock: Clock) -> None:
    base = f"/api/v1/learning-path?subject_id={subject.id}"
    assert student.get(f"{base}&goal={new_id()}").status_code == 422
    assert student.get(f"{base}&deadline=2026-02-01").status_code == 422
    assert student.get(f"/api/v1/learning-path?subject_id={new_id()}").status_code == 404


def test_the_next_skill_is_recommended_with_its_gain(
    student: Student, subject: Subject, chain: list[Skill], clock: Clock
) -> None:
    [item] = recommended(student, subject)
    assert (item["kind"], item["skill_name"]) == ("next_skill", "Fractions")
    assert item["session"] == {"mode": "adaptive", "skill_ids": [str(chain[0].id)], "question_ids": []}
    assert 0 < item["expected_gain"] < 1
    assert "Learn this next" in item["reason"]


def test_due_reviews_and_mistakes_are_recommended_and_can_be_started(
    student: Student, subject: Subject, chain: list[Skill], clock: Clock
) -> None:
    student.start(subject)
    for right in (True, False, True):
        student.answer(right=right)
    clock.now = NOON + timedelta(days=4)
    items = {item["kind"]: item for item in recommended(student, subject)}
    assert items["due_reviews"]["parameters"] == {"count": 3}
    assert items["mistakes"]["parameters"] == {"count": 1}
    assert items["due_reviews"]["expected_gain"] > 0
    for kind in ("due_reviews", "mistakes"):
        wish = {name: value for name, value in items[kind]["session"].items() if value}
        assert student.start(subject, **wish)["current"]["kind"] in {"review", "mistakes"}


def test_a_stuck_student_gets_something_easier_first(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    hardest = make_questions(session, subject, 10, [make_skill(session, subject)])[-3:]
    session.commit()
    student.start(subject, mode="fixed", question_ids=[str(question) for question in hardest])
    for _ in range(3):
        student.answer(right=False)
    first = recommended(student, subject)[0]
    assert (first["kind"], first["session"]["mode"]) == ("easier_similar", "fixed")
    shown = student.start(subject, **{name: value for name, value in first["session"].items() if value})["current"]
    assert shown["question_id"] == first["session"]["question_ids"][0]


def test_progress_shows_states_and_a_forecast(
    student: Student, subject: Subject, chain: list[Skill], session: Session, clock: Clock
) -> None:
    know(session, student, chain[0], "mastered")
    progress = student.get(f"/api/v1/progress?subject_id={subject.id}").json()
    states = {skill["name"]: (skill["state"], skill["questions_left"] > 0) for skill in progress["skills"]}
    assert states == {
        "Fractions": ("mastered", False),
        "Ratios": ("not_started", True),
        "Angles": ("not_started", True),
    }
    forecast = progress["forecast"]
    assert forecast["ready_on"] == forecast["on"] > "2026-03-01"
    assert 0 < forecast["success_low"] < forecast["success"] < forecast["success_high"] <= 1


def test_nothing_is_foretold_before_the_first_answer(
    student: Student, subject: Subject, chain: list[Skill], clock: Clock
) -> None:
    forecast = student.get(f"/api/v1/progress?subject_id={subject.id}").json()["forecast"]
    assert {forecast[name] for name in ("ready_on", "success", "success_low", "chance", "text")} == {None}


def test_a_later_forecast_is_no_worse(student: Student, subject: Subject, chain: list[Skill], clock: Clock) -> None:
    student.start(subject)
    student.answer(right=True)
    base = f"/api/v1/progress?subject_id={subject.id}"
    expected = [student.get(f"{base}&on={on}").json()["forecast"]["success"] for on in ("2026-03-01", "2026-03-05")]
    assert expected[0] < expected[1]
    assert student.get(f"{base}&on=2026-02-28").status_code == 422


def test_forgetting_shows_as_a_need_for_review(
    student: Student, subject: Subject, chain: list[Skill], session: Session, clock: Clock
) -> None:
    know(session, student, chain[0])
    forgetful = {"population": {"skill_shrink_per_day": 0.05, "skill_growth_per_day": 0.05}}
    add_model(session, forgetful)
    session.execute(update(LearnerSkillState).values(last_at=NOON - timedelta(days=90)))
    session.commit()
    skill = student.get(f"/api/v1/progress?subject_id={subject.id}").json()["skills"][0]
    assert (skill["state"], skill["state_text"][:18]) == ("needs_review", "It has been a whil")


def test_history_lists_days_and_changes(student: Student, subject: Subject, chain: list[Skill], clock: Clock) -> None:
    student.start(subject)
    student.answer()
    clock.now = NOON + timedelta(days=1)
    student.answer(right=False)
    history = student.get("/api/v1/progress/history").json()
    assert [(day["day"], day["answers"], day["minutes"]) for day in history["days"]] == [
        ("2026-03-01", 1, 0.1),
        ("2026-03-02", 1, 0.1),
    ]
    assert {event["cause"] for event in history["events"]} == {"started"}
    assert history["events"][-1]["text"] == "You started this skill."
    other = make_subject(student.session)
    student.session.commit()
    assert student.get(f"/api/v1/progress/history?subject_id={other.id}&days=1").json()["events"] == []


def test_nobody_sees_the_history_of_another(
    client: TestClient, student: Student, subject: Subject, chain: list[Skill], session: Session, clock: Clock
) -> None:
    student.start(subject)
    student.answer()
    other = make_user(session)
    session.commit()
    history = client.get("/api/v1/progress/history", headers=auth(client, other)).json()
    assert history == {"days": [], "events": []}


def add_model(session: Session, parameters: dict[str, object]) -> None:
    session.add(ModelVersion(number=1, kind="test", parameters=parameters, is_live=True, created_at=NOON))
    session.execute(update(Subject).values(content_revision=Subject.content_revision + 1))
