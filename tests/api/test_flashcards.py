"""A flashcard is turned first and rated then."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, QuestionDraft
from app.models import Attempt, ReviewCardRecord, Subject
from tests.factories.practice import Student
from tests.factories.questions import make_question
from tests.factories.subjects import make_skill, make_subject

BACK = "the house"


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    skills = [make_skill(session, subject)]
    for front in ("das Haus", "la casa"):
        draft = QuestionDraft(
            type=QuestionType.FLASHCARD, stem=front, answers=(Answer(value=BACK),), explanation="A building."
        )
        make_question(session, subject, draft, skills=skills)
    session.commit()
    return subject


def test_turning_shows_the_back_and_leaves_the_card_open(student: Student, subject: Subject, session: Session) -> None:
    practice = student.start(subject)
    assert practice["current"]["back"] is None
    turned = student.step("reveals", {}).json()
    assert (turned["answer_text"], turned["explanation"], turned["finished"]) == ([BACK], "A building.", False)
    assert (turned["state"], turned["tries"], turned["session"]["answered"], turned["next"]) == (None, 0, 0, None)
    assert session.scalar(select(func.count()).select_from(ReviewCardRecord)) == 0
    rated = student.answer(response={"rating": "hard"})
    assert (rated["review"]["rating"], rated["finished"], rated["session"]["answered"]) == ("hard", True, 1)


def test_a_turned_card_stays_turned_on_another_device(student: Student, subject: Subject) -> None:
    path = f"/api/v1/practice-sessions/{student.start(subject)['id']}"
    student.step("reveals", {})
    assert student.get(path).json()["current"]["back"] == {"answer_text": [BACK], "explanation": "A building."}
    following = student.answer(response={"rating": "good"})["next"]
    assert following["back"] is None


def test_a_resent_turn_is_one_turn(student: Student, subject: Subject, session: Session) -> None:
    student.start(subject)
    replies = [student.step("reveals", {"client_key": "turn-it-once"}).json() for _ in range(2)]
    assert replies[0] == replies[1]
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_whoever_saw_the_back_does_not_get_credit_for_skipping(
    student: Student, subject: Subject, session: Session
) -> None:
    student.start(subject)
    student.step("reveals", {})
    student.step("skips", {"reason": "too_easy"})
    assert session.scalars(select(Attempt.evidence)).all() == [None, None]


@pytest.mark.parametrize("behaviour", ["immediate", "deferred"])
def test_other_questions_are_not_turned(student: Student, session: Session, behaviour: str) -> None:
    subject = make_subject(session)
    make_question(session, subject)
    session.commit()
    student.start(subject, behaviour=behaviour)
    refused = student.step("reveals", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_cards_are_not_turned_in_an_exam(student: Student, subject: Subject) -> None:
    student.start(subject, behaviour="exam")
    assert student.step("reveals", {}).status_code == 409
