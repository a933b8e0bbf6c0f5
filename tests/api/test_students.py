"""What a student's progress looks like over time, for the student and for those who teach."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.domain.enums import Role
from app.models import Subject
from tests.factories.clock import Clock
from tests.factories.practice import Student
from tests.factories.questions import make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    make_questions(session, subject, 20, [make_skill(session, subject)])
    session.commit()
    return subject


def practise_two_days(student: Student, subject: Subject, clock: Clock) -> None:
    student.start(subject)
    student.answer(right=True)
    student.answer(right=True)
    clock.now += timedelta(days=2)
    student.answer(right=False)


def test_curves_hold_a_point_for_each_day_with_answers(student: Student, subject: Subject, clock: Clock) -> None:
    practise_two_days(student, subject, clock)
    curves = student.get(f"/api/v1/progress/curves?subject_id={subject.id}&days=7").json()
    assert curves["since"] == "2026-02-25"
    assert [(day["day"], day["answers"], day["score"]) for day in curves["days"]] == [
        ("2026-03-01", 2, 2.0),
        ("2026-03-03", 1, 0.0),
    ]
    assert 0 < curves["days"][0]["expected"] < 2
    (skill,) = curves["skills"]
    assert [point["day"] for point in skill["points"]] == ["2026-03-01", "2026-03-03"]
    now = student.get(f"/api/v1/progress?subject_id={subject.id}").json()["skills"][0]
    assert skill["points"][-1]["mastery"] == pytest.approx(now["mastery"], abs=1e-3)
    only_today = student.get(f"/api/v1/progress/curves?subject_id={subject.id}&days=1").json()
    assert [day["day"] for day in only_today["days"]] == ["2026-03-03"]


def test_the_forecast_is_a_range_with_the_chance_of_a_goal(student: Student, subject: Subject, clock: Clock) -> None:
    practise_two_days(student, subject, clock)
    path = f"/api/v1/progress?subject_id={subject.id}&on=2026-06-12"
    low, high = (student.get(f"{path}&goal={goal}").json()["forecast"] for goal in (0.5, 0.95))
    assert 0 <= high["chance"] < low["chance"] <= 1
    assert low["text"].startswith("On 12 June 2026, at your present pace, you should solve ")
    assert f"{100 * low['success_low']:.0f} to {100 * low['success_high']:.0f} %" in low["text"]


PAGES = ["progress", "progress/history", "progress/curves", "learning-path", "recommendations", "reviews/due"]


@pytest.mark.parametrize("page", PAGES)
def test_staff_see_what_the_student_sees(
    client: TestClient, student: Student, subject: Subject, session: Session, clock: Clock, page: str
) -> None:
    practise_two_days(student, subject, clock)
    query = f"?subject_id={subject.id}"
    people = {role: make_user(session, role=role) for role in Role}
    session.commit()
    path = f"/api/v1/students/{student.user.id}/{page}{query}"
    replies = {role: client.get(path, headers=auth(client, person)) for role, person in people.items()}
    own = student.get(f"/api/v1/{page}{query}").json()
    assert replies[Role.TEACHER].json() == replies[Role.ADMIN].json() == own
    assert replies[Role.STUDENT].status_code == 403
    of_admin = f"/api/v1/students/{people[Role.ADMIN].id}/{page}{query}"
    assert client.get(of_admin, headers=auth(client, people[Role.TEACHER])).status_code == 404


def test_staff_list_the_sessions_of_a_student(
    client: TestClient, student: Student, subject: Subject, session: Session
) -> None:
    practice = student.start(subject)
    teacher = make_user(session, role=Role.TEACHER)
    session.commit()
    path = f"/api/v1/students/{student.user.id}/practice-sessions"
    listed = client.get(path, headers=auth(client, teacher)).json()["items"]
    assert [item["id"] for item in listed] == [practice["id"]]
