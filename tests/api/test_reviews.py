"""Reviews over HTTP: cards that grow with answers, due lists, review sessions and the plan for an exam."""

from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus, QuestionType, Role
from app.domain.question_draft import Answer, QuestionDraft
from app.models import LearnerStateRecord, Question, ReviewCardRecord, Subject
from app.utils.ids import new_id
from tests.factories.clock import NOON, Clock
from tests.factories.derived_tables import drift, replay_all, snapshot
from tests.factories.practice import Student
from tests.factories.questions import make_question, make_questions
from tests.factories.review_logs import FORGETFUL
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    make_questions(session, subject, 20, [make_skill(session, subject)])
    session.commit()
    return subject


def give_card(session: Session, student: Student, subject: Subject, question_id: UUID, **values: object) -> None:
    """A card in review, as reviews would leave it; two days of stability unless another is given."""
    card = {"stability": 2.0, "last_review": NOON - timedelta(days=3), "due": NOON - timedelta(days=1), **values}
    fixed = {"user_id": student.user.id, "subject_id": subject.id, "question_id": question_id}
    session.add(ReviewCardRecord(**fixed, phase="review", difficulty=5.0, **card))
    session.commit()


def question_ids(session: Session, subject: Subject) -> list[UUID]:
    return list(session.scalars(select(Question.id).where(Question.subject_id == subject.id).order_by(Question.id)))


def test_the_first_answer_makes_a_card(student: Student, subject: Subject, session: Session, clock: Clock) -> None:
    shown = student.start(subject)["current"]
    review = student.answer(right=True)["review"]
    assert (review["rating"], review["is_suspended"]) == ("good", False)
    card = session.scalars(select(ReviewCardRecord)).one()
    assert (str(card.question_id), card.subject_id, card.stability) == (shown["question_id"], subject.id, 2.3065)
    assert card.due == NOON + timedelta(minutes=10)


def test_a_wrong_answer_comes_back_soonest(student: Student, subject: Subject, clock: Clock) -> None:
    student.start(subject)
    review = student.answer(right=False)["review"]
    assert (review["rating"], datetime.fromisoformat(review["due"])) == ("again", NOON + timedelta(minutes=1))


def test_only_the_first_answer_to_a_shown_question_is_a_review(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    student.start(subject, behaviour="adaptive")
    assert student.answer(right=False)["review"]["rating"] == "again"
    assert student.answer(right=True)["review"] is None
    assert session.scalar(select(func.count()).select_from(ReviewCardRecord)) == 1


@pytest.mark.parametrize("rating", ["again", "hard", "good", "easy"])
def test_a_flashcard_has_four_buttons(student: Student, session: Session, clock: Clock, rating: str) -> None:
    subject = make_subject(session)
    draft = QuestionDraft(type=QuestionType.FLASHCARD, stem="The capital of France?", answers=(Answer(value="Paris"),))
    make_question(session, subject, draft)
    session.commit()
    student.start(subject)
    reply = student.send_answer({"response": {"rating": rating}}).json()
    assert reply["review"]["rating"] == rating


def test_a_leech_is_suspended_with_a_notice(student: Student, subject: Subject, session: Session, clock: Clock) -> None:
    give_card(session, student, subject, question_ids(session, subject)[0], lapses=7)
    student.start(subject, mode="review")
    reply = student.answer(right=False)
    assert reply["review"]["is_suspended"]
    assert "it rests now" in reply["review"]["text"]
    due = student.get("/api/v1/reviews/due").json()
    assert (due["count"], due["suspended"]) == (0, 1)


def test_a_leech_is_taken_up_again_and_a_replay_knows_it(
    client: TestClient, student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    student.start(subject, mode="fixed", question_ids=[str(question_ids(session, subject)[0])])
    question_id = (student.shown or {})["question_id"]
    student.answer()
    for _ in range(8):
        for right in (True, True, False):
            clock.now += timedelta(days=60)
            student.start(subject, mode="fixed", question_ids=[question_id])
            reply = student.answer(right=right)
    assert reply["review"]["is_suspended"]
    [resting] = student.get("/api/v1/reviews/suspended").json()["items"]
    assert (resting["question_id"], resting["lapses"]) == (question_id, 8)
    resumed = [student.post(f"/api/v1/reviews/{question_id}/resume").json() for _ in range(2)]
    assert resumed[0] == resumed[1]
    assert student.get("/api/v1/reviews/suspended").json()["items"] == []
    clock.now += timedelta(days=60)
    assert student.start(subject, mode="review")["current"]["question_id"] == question_id
    assert not student.answer()["review"]["is_suspended"]
    stored = snapshot(session)
    replay_all(session)
    assert drift(stored, snapshot(session)) == []


def test_a_teacher_takes_up_a_leech_of_a_student(
    client: TestClient, student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    question_id = question_ids(session, subject)[0]
    give_card(session, student, subject, question_id, lapses=8, is_suspended=True)
    teacher = auth(client, make_user(session, role=Role.TEACHER))
    session.commit()
    path = f"/api/v1/students/{student.user.id}/reviews"
    assert client.post(f"{path}/{question_id}/resume", headers=teacher).status_code == 200
    assert client.get(f"{path}/due", headers=teacher).json()["count"] == 1
    assert client.post(f"{path}/{new_id()}/resume", headers=teacher).status_code == 404


def test_a_review_session_asks_what_is_nearly_forgotten_first(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    fresh, faded, later, retired = question_ids(session, subject)[:4]
    give_card(session, student, subject, fresh, stability=2.8)
    give_card(session, student, subject, faded, stability=0.5)
    give_card(session, student, subject, later, due=NOON + timedelta(days=1))
    give_card(session, student, subject, retired)
    session.execute(update(Question).where(Question.id == retired).values(status=QuestionStatus.RETIRED.value))
    session.execute(update(Subject).values(content_revision=Subject.content_revision + 1))
    session.commit()
    shown = student.start(subject, mode="review")["current"]
    assert (shown["kind"], shown["reason"]["code"], shown["question_id"]) == ("review", "review_due", str(faded))
    following = student.answer()["next"]
    assert following["question_id"] == str(fresh)
    ended = student.step("skips", {"reason": "not_now"}).json()
    assert (ended["next"], ended["session"]["status"]) == (None, "finished")


def test_a_review_session_needs_something_due(student: Student, subject: Subject, clock: Clock) -> None:
    reply = student.post("/api/v1/practice-sessions", {"subject_id": str(subject.id), "mode": "review"})
    assert (reply.status_code, reply.json()["code"]) == (409, "nothing_to_practise")


def test_a_due_review_may_come_again_in_adaptive_practice(student: Student, session: Session, clock: Clock) -> None:
    subject = make_subject(session)
    make_questions(session, subject, 4, [make_skill(session, subject)])
    session.commit()
    student.start(subject, length=4)
    for _ in range(4):
        student.answer()
    clock.now = NOON + timedelta(days=6)
    student.start(subject, length=4)
    kinds = {student.shown["kind"], *(reply["next"]["kind"] for reply in (student.answer() for _ in range(3)))}
    assert "review" in kinds


def test_the_due_list_counts_and_looks_ahead(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    first, second, third = question_ids(session, subject)[:3]
    give_card(session, student, subject, first, stability=2.8)
    give_card(session, student, subject, second, stability=0.5)
    give_card(session, student, subject, third, due=NOON + timedelta(days=2))
    due = student.get(f"/api/v1/reviews/due?subject_id={subject.id}").json()
    assert (due["count"], due["in_steps"]) == (2, 0)
    assert [item["question_id"] for item in due["items"]] == [str(second), str(first)]
    assert due["items"][0]["recall"] < due["items"][1]["recall"] < 0.9
    assert due["items"][0]["stem"].startswith("Is ")
    assert due["upcoming"] == [{"day": "2026-03-03", "reviews": 1}]


def test_nobody_sees_the_reviews_of_another(
    client: TestClient, student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    give_card(session, student, subject, question_ids(session, subject)[0])
    other = make_user(session)
    session.commit()
    assert client.get("/api/v1/reviews/due", headers=auth(client, other)).json()["count"] == 0


def test_a_plan_spreads_reviews_over_the_days_before_the_exam(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    for question_id in question_ids(session, subject)[:12]:
        give_card(session, student, subject, question_id)
    body = {"subject_id": str(subject.id), "exam_date": "2026-03-05"}
    plan = student.post("/api/v1/reviews/plan", body).json()
    assert (plan["reviews"], plan["daily_limit"]) == (12, 3)
    assert [(day["day"], day["reviews"]) for day in plan["days"]] == [(f"2026-03-0{day}", 3) for day in range(1, 5)]
    assert len({question for day in plan["days"] for question in day["question_ids"]}) == 12


@pytest.mark.parametrize("exam", ["2026-03-01", "2026-02-01", "2036-01-01"])
def test_an_exam_must_lie_ahead(student: Student, subject: Subject, clock: Clock, exam: str) -> None:
    body = {"subject_id": str(subject.id), "exam_date": exam}
    assert student.post("/api/v1/reviews/plan", body).status_code == 422


def test_a_new_student_follows_the_standard_curve(client: TestClient, student: Student, session: Session) -> None:
    told = student.get("/api/v1/reviews/memory").json()
    assert (told["is_own"], told["reviews"], told["fitted"], told["last_outcome"]) == (False, 0, None, None)
    assert told["first_interval_days"] == told["usual_first_interval_days"] == 2.31
    assert told["text"] == (
        "The standard forgetting curve. Your own takes 200 reviews a day or more apart; you have 0."
    )
    teacher = make_user(session, role=Role.TEACHER)
    session.commit()
    path = f"/api/v1/students/{student.user.id}/reviews/memory"
    assert client.get(path, headers=auth(client, teacher)).json() == told
    assert student.get(path).status_code == 403


def test_an_own_curve_holds_from_the_next_answer_on(
    student: Student, subject: Subject, session: Session, clock: Clock
) -> None:
    student.start(subject, length=20)
    student.answer(right=True)
    session.execute(update(LearnerStateRecord).values(review_parameters=list(FORGETFUL)))
    session.commit()
    clock.now += timedelta(minutes=1)
    student.answer(right=True)
    session.expire_all()
    cards = session.scalars(select(ReviewCardRecord).order_by(ReviewCardRecord.last_review)).all()
    assert [round(card.stability, 4) for card in cards] == [2.3065, 0.6]
    clock.now += timedelta(days=20)
    recalls = {item["question_id"]: item["recall"] for item in due_items(student, subject)}
    usual = 1.0 + (0.9 ** (-1 / FORGETFUL[-1]) - 1.0) * np.array([20.0 + 1 / 1440, 20.0]) / np.array([2.3065, 0.6])
    found = [recalls[str(card.question_id)] for card in cards]
    assert found == pytest.approx((usual ** -FORGETFUL[-1]).tolist(), abs=1e-3)


def due_items(student: Student, subject: Subject) -> list[dict[str, object]]:
    items: list[dict[str, object]] = student.get(f"/api/v1/reviews/due?subject_id={subject.id}").json()["items"]
    return items
