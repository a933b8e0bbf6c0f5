"""What the summary says about slips and tiredness."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import Assignment, ItemStatistic, LearnerStateRecord, Question, Subject
from tests.factories.clock import Clock
from tests.factories.practice import Student
from tests.factories.questions import make_questions
from tests.factories.subjects import make_skill, make_subject

USUAL_MS = 30_000
QUICK_MS, CALM_MS = 7_000, 24_000


@pytest.fixture
def subject(session: Session) -> Subject:
    """Thirty questions that take half a minute."""
    subject = make_subject(session)
    make_questions(session, subject, 30, [make_skill(session, subject)])
    for question_id in session.scalars(select(Question.id)):
        session.add(ItemStatistic(question_id=question_id, answers=10, wins=7.0, elapsed_ms=10 * USUAL_MS))
    session.commit()
    return subject


def practise(student: Student, subject: Subject, clock: Clock, answers: str) -> list[dict[str, object]]:
    """`+` right, `-` wrong, `!` wrong in a hurry, one every half minute; what the summary advises."""
    practice = student.start(subject, length=len(answers))
    for sign in answers:
        clock.now += timedelta(seconds=30)
        student.answer(right=sign == "+", elapsed_ms=QUICK_MS if sign == "!" else CALM_MS)
    student.session.execute(update(Assignment).values(predicted=0.85))
    student.session.commit()
    advice: list[dict[str, object]] = student.get(f"/api/v1/practice-sessions/{practice['id']}/summary").json()[
        "advice"
    ]
    return advice


def test_a_usual_session_gets_no_advice(student: Student, subject: Subject, clock: Clock) -> None:
    assert practise(student, subject, clock, "++-++++-++++++-+++++-++++") == []


def test_a_session_that_falls_off_gets_advice_to_rest(student: Student, subject: Subject, clock: Clock) -> None:
    [advice] = practise(student, subject, clock, "++++++-+++++++++" + "-+--+----")
    assert (advice["kind"], advice["minute"], advice["question_ids"]) == ("fatigue", 9, [])
    assert "break" in str(advice["text"])


def test_errors_made_in_a_hurry_are_named_and_cost_nothing_more(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    [advice] = practise(student, subject, clock, "+++!+++!++")
    places = [3, 7]
    asked = session.scalars(select(Assignment.question_id).order_by(Assignment.position)).all()
    assert (advice["kind"], advice["question_ids"]) == ("slips", [str(asked[place]) for place in places])
    learner = session.scalars(select(LearnerStateRecord)).one()
    assert (learner.answers, learner.wins) == (10, 8.0)
