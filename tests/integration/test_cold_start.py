"""Questions nobody has answered take their difficulty from questions like them, and say so."""

import hashlib

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus, Role
from app.domain.search import VectorPart
from app.models import ItemParameter, Question, QuestionVector, SearchDocument, Skill, Subject
from app.repositories.cold_start_repository import ColdStartRepository
from app.services.cold_start_service import ColdStartService
from tests.factories.questions import choice_draft, make_question
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user

ALIKE, OTHER = np.eye(8)[0], np.eye(8)[1]


class Bank:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.subject: Subject = make_subject(session)
        self.skills: list[Skill] = [make_skill(session, self.subject) for _ in range(2)]

    def add(self, skill: int, vector: np.ndarray | None, difficulty: float = 0.0, answers: int = 0) -> Question:
        draft = choice_draft("yes", ("no",), difficulty=0.0)
        question = make_question(self.session, self.subject, draft, skills=[self.skills[skill]])
        where = ItemParameter.id == question.id
        self.session.execute(update(ItemParameter).where(where).values(difficulty=difficulty, answers=answers))
        if vector is not None:
            self.session.add(_document(question))
            self.session.flush()
            self.session.add(_vector(question, vector))
        self.session.flush()
        return question

    def difficulty(self, question: Question) -> float:
        self.session.expire_all()
        return self.session.get_one(ItemParameter, question.id).difficulty


def _document(question: Question) -> SearchDocument:
    texts = dict.fromkeys(("public_text", "options_text", "public_words", "staff_words"), "x")
    return SearchDocument(
        question_id=question.id,
        subject_id=question.subject_id,
        revision=1,
        stemmer="english",
        has_image=False,
        embedder="test",
        **texts,
    )


def _vector(question: Question, vector: np.ndarray) -> QuestionVector:
    return QuestionVector(
        question_id=question.id,
        part=VectorPart.STEM,
        embedder="test",
        text_hash=hashlib.sha256(question.id.bytes).hexdigest(),
        vector=vector.astype("<f2").tobytes(),
    )


@pytest.fixture
def bank(session: Session) -> Bank:
    bank = Bank(session)
    for number in range(6):
        bank.add(0, ALIKE, difficulty=2.0 + 0.1 * number, answers=50)
        bank.add(1, OTHER, difficulty=-2.0 - 0.1 * number, answers=50)
    return bank


def test_a_new_question_takes_after_its_skill_and_its_neighbours(session: Session, bank: Bank) -> None:
    hard, easy, torn = bank.add(0, ALIKE), bank.add(1, OTHER), bank.add(0, OTHER)
    assert ColdStartService(session).predict(bank.subject.id) == 3
    assert bank.difficulty(hard) > 1.0
    assert bank.difficulty(easy) < -1.0
    assert bank.difficulty(easy) < bank.difficulty(torn) < bank.difficulty(hard)
    assert ColdStartService(session).predict(bank.subject.id) == 0


def test_answered_and_unpublished_questions_keep_what_they_have(session: Session, bank: Bank) -> None:
    answered, draft = bank.add(0, ALIKE, difficulty=-0.5, answers=1), bank.add(0, ALIKE)
    draft.status = QuestionStatus.DRAFT
    session.flush()
    ColdStartService(session).predict(bank.subject.id)
    assert (bank.difficulty(answered), bank.difficulty(draft)) == (-0.5, 0.0)


def test_subjects_with_nothing_to_learn_from_are_left_alone(session: Session, bank: Bank) -> None:
    bank.add(0, None)
    empty = Bank(session)
    empty.add(0, ALIKE)
    assert ColdStartRepository(session).subjects() == [bank.subject.id]


def test_staff_read_what_a_difficulty_rests_on(client: TestClient, session: Session, bank: Bank) -> None:
    new, known = bank.add(0, ALIKE), bank.add(0, ALIKE, difficulty=0.75, answers=30)
    teacher = auth(client, make_user(session, role=Role.TEACHER))
    predicted = client.get(f"/api/v1/questions/{new.id}/difficulty", headers=teacher).json()
    assert (predicted["text"], predicted["answers"], predicted["is_predicted"]) == ("predicted, 0 answers", 0, True)
    assert {basis["name"] for basis in predicted["basis"]} == {"skill", "neighbours"}
    assert sum(basis["share"] for basis in predicted["basis"]) == pytest.approx(1.0)
    assert predicted["standard_error"] > 0.0
    calibrated = client.get(f"/api/v1/questions/{known.id}/difficulty", headers=teacher).json()
    assert (calibrated["text"], calibrated["value"]) == ("from 30 answers", 0.75)
    student = auth(client, make_user(session))
    assert client.get(f"/api/v1/questions/{new.id}/difficulty", headers=student).status_code == 403
