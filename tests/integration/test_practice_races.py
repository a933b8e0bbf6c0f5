"""Many sends at once, on a database that really commits: one step, one reply."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from httpx import Response as HttpResponse
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.main import create_app
from app.models import Attempt, ItemStatistic, LearnerStateRecord, PracticeSession
from tests.conftest import make_settings, migrate
from tests.factories.practice import Student
from tests.factories.questions import make_questions
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import make_user

SENDS = 50


@pytest.fixture
def world(empty_database_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Session]]:
    migrate(empty_database_url)
    app = create_app(make_settings(empty_database_url, tmp_path_factory.mktemp("files")))
    with TestClient(app) as client, app.state.resources.sessions() as session:
        yield client, session


@pytest.fixture
def student(world: tuple[TestClient, Session]) -> Student:
    client, session = world
    subject = make_subject(session)
    make_questions(session, subject, 30, [make_skill(session, subject)])
    user = make_user(session)
    session.commit()
    student = Student(client, session, user)
    student.start(subject)
    return student


def at_once(sends: int, send: Callable[[int], HttpResponse]) -> list[HttpResponse]:
    barrier = threading.Barrier(sends)

    def run(number: int) -> HttpResponse:
        barrier.wait()
        return send(number)

    with ThreadPoolExecutor(sends) as pool:
        return list(pool.map(run, range(sends)))


def test_fifty_sends_of_one_answer_are_one_attempt_with_one_reply(student: Student) -> None:
    body = {"response": student.response(right=True), "client_key": "sent-fifty-times"}
    replies = at_once(SENDS, lambda _: student.send_answer(body))
    assert {reply.status_code for reply in replies} == {201}
    assert all(reply.json() == replies[0].json() for reply in replies)
    counts = [
        student.session.scalar(select(func.count()).select_from(Attempt)),
        student.session.scalar(select(func.sum(LearnerStateRecord.answers))),
        student.session.scalar(select(func.sum(ItemStatistic.answers))),
        student.session.scalar(select(func.sum(PracticeSession.answered))),
    ]
    assert counts == [1, 1, 1, 1]


def test_two_tabs_with_different_answers_get_one_accepted(student: Student) -> None:
    right, wrong = student.response(right=True), student.response(right=False)
    replies = at_once(8, lambda number: student.send_answer({"response": right if number % 2 else wrong}))
    assert sorted(reply.status_code for reply in replies) == [201] + [409] * 7
    assert student.session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_of_two_answers_under_one_key_one_is_taken_in_and_the_other_refused(student: Student) -> None:
    shown, key = student.shown, {"client_key": "used-for-two-answers"}
    bodies = [{"response": student.response(right=right)} | key for right in (True, False)]
    replies = at_once(SENDS, lambda number: student.send_answer(bodies[number % 2]))
    taken = [reply.json() for reply in replies if reply.status_code == 201]
    refused = [reply.json()["code"] for reply in replies if reply.status_code == 409]
    assert (len(taken), refused) == (SENDS // 2, ["idempotency_key_reused"] * (SENDS // 2))
    assert all(reply == taken[0] for reply in taken)
    [attempt] = student.session.scalars(select(Attempt)).all()
    assert shown is not None
    assert (str(attempt.id), str(attempt.assignment_id)) == (taken[0]["attempt_id"], shown["assignment_id"])


def test_a_resend_after_a_restart_gets_the_first_reply(
    student: Student, empty_database_url: URL, tmp_path_factory: pytest.TempPathFactory
) -> None:
    body = {"assignment_id": (student.shown or {})["assignment_id"], "client_key": "sent-before-and-after"}
    right, wrong = ({"response": student.response(right=right)} for right in (True, False))
    first = student.send_answer(body | right)
    with TestClient(create_app(make_settings(empty_database_url, tmp_path_factory.mktemp("files")))) as restarted:
        student.client = restarted
        replies = at_once(8, lambda _: student.send_answer(body | right))
        refused = student.send_answer(body | wrong)
    assert all(reply.json() == first.json() for reply in replies)
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_reused")
    assert student.session.scalar(select(func.count()).select_from(Attempt)) == 1
