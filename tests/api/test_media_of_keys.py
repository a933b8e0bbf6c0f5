"""Pictures that only the key of a question shows are read by students once that part of the key was told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Option, QuestionDraft
from app.models import Subject
from tests.api.test_media import create, png, publish, upload
from tests.factories.clock import Clock
from tests.factories.practice import Student
from tests.factories.questions import choice_draft
from tests.factories.subjects import make_skill, make_subject

ASKED: Final = {"stem", "option"}
ALL: Final = {*ASKED, "hint", "feedback", "explanation"}

Move = Callable[[Student], object]


class Pictures:
    """One picture for each place of a question."""

    def __init__(self, client: TestClient, teacher: dict[str, str]) -> None:
        self.client = client
        self.urls = {
            place: upload(client, teacher, png(n)).json()["url"] for n, place in enumerate(sorted(ALL), start=1)
        }

    def html(self, place: str) -> str:
        return f'<p>Look. <img src="{self.urls[place]}" alt="A map"></p>'

    def seen(self, student: Student) -> set[str]:
        replies = {place: student.get(url).status_code for place, url in self.urls.items()}
        assert set(replies.values()) <= {200, 404}
        return {place for place, status in replies.items() if status == 200}


@pytest.fixture
def subject(session: Session) -> Subject:
    return make_subject(session)


@pytest.fixture
def pictures(client: TestClient, teacher: dict[str, str]) -> Pictures:
    return Pictures(client, teacher)


@pytest.fixture
def publish_draft(
    client: TestClient, session: Session, teacher: dict[str, str], subject: Subject
) -> Callable[[QuestionDraft], str]:
    skill = make_skill(session, subject)

    def published(draft: QuestionDraft) -> str:
        question = create(client, teacher, session, draft.model_copy(update={"skills": (skill.code,)}), subject)
        publish(client, teacher, question)
        return str(question["id"])

    return published


def illustrated(pictures: Pictures) -> QuestionDraft:
    wrong = Option(id="b", html="no", feedback=pictures.html("feedback"))
    return choice_draft(
        stem=pictures.html("stem"),
        options=(Option(id="a", html=pictures.html("option"), weight=1.0), wrong),
        hints=(pictures.html("hint"), "Think."),
        explanation=pictures.html("explanation"),
    )


def right(student: Student) -> object:
    return student.answer()


def wrong(student: Student) -> object:
    return student.answer(right=False)


def sure(student: Student) -> object:
    return student.answer(certainty=3)


def hint(student: Student) -> object:
    return student.step("hints", {}).raise_for_status()


def not_now(student: Student) -> object:
    return student.step("skips", {"reason": "not_now"}).raise_for_status()


def dont_know(student: Student) -> object:
    return student.step("skips", {"reason": "dont_know"}).raise_for_status()


def finish(student: Student) -> object:
    return student.post(f"/api/v1/practice-sessions/{student.practice['id']}/finish").raise_for_status()


@pytest.mark.parametrize(
    ("behaviour", "moves"),
    [
        ("immediate", [(right, ALL)]),
        ("immediate", [(hint, {*ASKED, "hint"}), (wrong, ALL)]),
        ("immediate", [(dont_know, ALL)]),
        ("immediate", [(not_now, ASKED), (finish, ASKED)]),
        ("certainty", [(sure, ALL)]),
        ("interactive", [(wrong, ALL - {"explanation"}), (right, ALL)]),
        ("adaptive", [(wrong, {*ASKED, "feedback"}), (finish, ALL)]),
        ("deferred", [(wrong, ASKED), (finish, ALL)]),
        ("deferred", [(finish, ASKED)]),
        ("exam", [(wrong, ASKED), (finish, ALL)]),
        ("exam", [(dont_know, ASKED), (finish, ALL)]),
        ("exam", [(finish, ASKED)]),
    ],
)
def test_a_picture_of_the_key_is_read_once_it_was_told(
    pictures: Pictures,
    publish_draft: Callable[[QuestionDraft], str],
    student: Student,
    subject: Subject,
    behaviour: str,
    moves: list[tuple[Move, set[str]]],
) -> None:
    question_id = publish_draft(illustrated(pictures))
    assert pictures.seen(student) == set()
    mode = {"mode": "exam"} if behaviour == "exam" else {"mode": "fixed", "behaviour": behaviour}
    student.start(subject, question_ids=[question_id], **mode)
    assert pictures.seen(student) == ASKED
    for move, expected in moves:
        move(student)
        assert pictures.seen(student) == expected


def test_no_picture_of_a_key_is_read_while_a_timed_exam_runs(
    pictures: Pictures, publish_draft: Callable[[QuestionDraft], str], student: Student, subject: Subject, clock: Clock
) -> None:
    question_id = publish_draft(illustrated(pictures))
    student.start(subject, mode="fixed", question_ids=[question_id])
    right(student)
    assert pictures.seen(student) == ALL
    student.start(subject, mode="exam", question_ids=[question_id], test={"time_limit_minutes": 30})
    assert pictures.seen(student) == ASKED
    clock.now += timedelta(minutes=30, seconds=4)
    assert pictures.seen(student) == ASKED
    finish(student)
    assert pictures.seen(student) == ALL


def test_the_picture_on_the_back_of_a_card_is_read_once_it_was_turned(
    pictures: Pictures, publish_draft: Callable[[QuestionDraft], str], student: Student, subject: Subject
) -> None:
    card = QuestionDraft(
        type=QuestionType.FLASHCARD,
        stem=pictures.html("stem"),
        answers=(Answer(value="the house"),),
        explanation=pictures.html("explanation"),
    )
    student.start(subject, mode="fixed", question_ids=[publish_draft(card)])
    assert pictures.seen(student) == {"stem"}
    student.step("reveals", {}).raise_for_status()
    assert pictures.seen(student) == {"stem", "explanation"}
