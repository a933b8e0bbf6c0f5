"""A scan of the whole subject, and what staff make of its pairs."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from app.domain.enums import QuestionStatus, Role
from app.models import Question, Subject, User
from app.repositories.question_links import skills_of
from app.services.duplicate_scan import DuplicateScan
from tests.factories.questions import choice_draft, make_question, text_draft
from tests.factories.semantic import run_index, tools_of
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import actor_of, auth, make_user

PATH = "/api/v1/question-pairs"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def subject(session: Session) -> Subject:
    subject = make_subject(session)
    session.commit()
    return subject


@pytest.fixture
def teacher(session: Session) -> User:
    teacher = make_user(session, role=Role.TEACHER)
    session.commit()
    return teacher


class Scan:
    def __init__(self, client: TestClient, sessions: sessionmaker[Session], subject: Subject, teacher: User) -> None:
        self.client, self._sessions, self._subject, self._teacher = client, sessions, subject, teacher
        self.headers = auth(client, teacher)

    def run(self) -> dict[str, int]:
        tools = tools_of()
        run_index(self._sessions, tools)
        scan = DuplicateScan(self._sessions, actor_of(self._teacher), tools, lambda *_: None)
        return dict(scan.run(self._subject.id, NOW))

    def pairs(self, **params: Any) -> list[dict[str, Any]]:
        reply = self.client.get(PATH, headers=self.headers, params={"subject_id": str(self._subject.id), **params})
        assert reply.status_code == 200, reply.text
        return reply.json()["items"]

    def post(self, pair: dict[str, Any], action: str, **body: Any) -> Any:
        return self.client.post(f"{PATH}/{pair['id']}/{action}", headers=self.headers, json=body)


@pytest.fixture
def scan(client: TestClient, sessions: sessionmaker[Session], subject: Subject, teacher: User) -> Scan:
    return Scan(client, sessions, subject, teacher)


def twins(
    session: Session, subject: Subject, right: tuple[str, str] = ("Vienna", "Vienna")
) -> tuple[Question, Question]:
    wrong = ("Graz", "Linz", "Vienna", "Salzburg")
    made = [
        make_question(session, subject, choice_draft(answer, [each for each in wrong if each != answer], stem=stem))
        for answer, stem in zip(
            right, ("What is the capital of Austria?", "What is the capital of Austria ??"), strict=True
        )
    ]
    session.commit()
    return made[0], made[1]


def test_duplicates_and_contradicting_keys_are_listed_apart(session: Session, subject: Subject, scan: Scan) -> None:
    first, second = twins(session, subject)
    assert scan.run() == {"near_duplicate": 1}
    (pair,) = scan.pairs()
    assert (pair["first"]["id"], pair["second"]["id"]) == (str(first.id), str(second.id))
    assert pair["first"]["answers"] == ["Vienna"]
    twins(session, make_subject(session))
    assert len(scan.pairs()) == 1


def test_contradicting_keys_are_found(session: Session, subject: Subject, scan: Scan) -> None:
    twins(session, subject, ("Vienna", "Graz"))
    assert scan.run() == {"key_conflict": 1}
    assert scan.pairs(kind="near_duplicate") == []
    assert [pair["kind"] for pair in scan.pairs(kind="key_conflict")] == ["key_conflict"]


@pytest.mark.parametrize(
    ("stem", "other"),
    [
        ("What is 12 times 7 in the decimal system?", "What is 12 times 8 in the decimal system?"),
        ("Which of these animals is a mammal?", "Which of these animals is not a mammal?"),
    ],
)
def test_another_number_or_a_negation_makes_another_question(
    session: Session, subject: Subject, scan: Scan, stem: str, other: str
) -> None:
    for text in (stem, other):
        make_question(session, subject, text_draft("it", stem=text))
    session.commit()
    assert scan.run() == {}


def test_a_stem_that_tells_the_answer_of_another_is_found(session: Session, subject: Subject, scan: Scan) -> None:
    asked = make_question(session, subject, text_draft("Mount Everest", stem="Which is the highest mountain of Asia?"))
    stem = "Mount Everest is the highest mountain of Asia. In which mountain range of Asia is it?"
    teller = make_question(session, subject, text_draft("Himalaya", stem=stem))
    make_question(session, subject, text_draft("1953", stem="When did Hillary climb Mount Everest?"))
    session.commit()
    assert scan.run() == {"gives_away": 1}
    (pair,) = scan.pairs()
    assert (pair["asked_id"], pair["answer"]) == (str(asked.id), "mount everest")
    assert {pair["first"]["id"], pair["second"]["id"]} == {str(asked.id), str(teller.id)}


def test_a_dismissed_pair_stays_dismissed(session: Session, subject: Subject, scan: Scan) -> None:
    twins(session, subject)
    scan.run()
    (pair,) = scan.pairs()
    assert scan.post(pair, "dismiss").json()["status"] == "dismissed"
    assert scan.post(pair, "dismiss").status_code == 200
    scan.run()
    assert scan.pairs() == []
    assert len(scan.pairs(status="dismissed")) == 1


def test_retiring_one_hands_its_skills_over_and_settles_its_pairs(
    session: Session, subject: Subject, scan: Scan
) -> None:
    first, second = twins(session, subject)
    extra = make_skill(session, subject)
    make_question(session, subject, choice_draft("Vienna", ("Graz", "Linz"), stem="What is the capital of Austria:"))
    second_skills = {skill.id for skill in skills_of(session, [second.id])[second.id]}
    session.commit()
    scan.run()
    pairs = scan.pairs()
    assert len(pairs) == 3
    pair = next(
        each for each in pairs if each["first"]["id"] == str(first.id) and each["second"]["id"] == str(second.id)
    )
    reply = scan.post(pair, "retire", question_id=str(second.id))
    assert (reply.status_code, reply.json()["second"]["status"]) == (200, "retired"), reply.text
    session.expire_all()
    assert session.get_one(Question, second.id).status == QuestionStatus.RETIRED
    assert second_skills <= {skill.id for skill in skills_of(session, [first.id])[first.id]}
    assert len(scan.pairs()) == 1
    assert scan.post(pair, "retire", question_id=str(first.id)).json()["code"] == "pair_decided"
    assert scan.post(pair, "retire", question_id=str(extra.id)).status_code == 422


def test_a_pair_that_is_none_any_more_disappears(session: Session, subject: Subject, scan: Scan) -> None:
    first, _ = twins(session, subject)
    scan.run()
    first.status = QuestionStatus.RETIRED
    session.commit()
    scan.run()
    assert scan.pairs() == []


def test_a_scan_is_a_job_that_can_be_asked_for_again(session: Session, subject: Subject, scan: Scan) -> None:
    path, key = f"/api/v1/subjects/{subject.id}/duplicate-scans", {"Idempotency-Key": "scan-of-monday"}
    replies = [scan.client.post(path, headers=scan.headers | key) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [202, 202], replies[0].text
    assert replies[0].json() == replies[1].json()
    assert replies[0].json()["kind"] == "scan_duplicates"
    nowhere = scan.client.post(f"/api/v1/subjects/{UUID(int=0)}/duplicate-scans", headers=scan.headers)
    assert nowhere.status_code == 404
