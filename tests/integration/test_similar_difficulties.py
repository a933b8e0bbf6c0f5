import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.vectors import to_bytes
from app.domain.search import VectorPart
from app.models import ItemParameter, ItemStatistic, Question, Subject
from app.repositories.vector_repository import VectorRepository, VectorWrite
from app.services.similar_difficulties import SimilarDifficulties
from tests.factories.questions import make_question
from tests.factories.subjects import make_subject

EMBEDDER = "of-the-suite"


def embedded(
    session: Session, subject: Subject, angle: float, *, answers: int = 20, difficulty: float = 1.0
) -> Question:
    """A question whose vector has this angle to the x-axis; its difficulty rests on so many answers."""
    question = make_question(session, subject)
    vector = to_bytes(np.array([np.cos(angle), np.sin(angle)], dtype=np.float32))
    VectorRepository(session, EMBEDDER).store([VectorWrite(question.id, VectorPart.STEM, question.stem_hash, vector)])
    parameters = session.get_one(ItemParameter, question.id)
    parameters.answers, parameters.difficulty = answers, difficulty
    session.merge(
        ItemStatistic(question_id=question.id, answers=answers, wins=0, expected=0, information=14.0, elapsed_ms=0)
    )
    session.flush()
    return question


@pytest.fixture
def similar(sessions: sessionmaker[Session]) -> SimilarDifficulties:
    return SimilarDifficulties(sessions, EMBEDDER, 2)


def test_the_nearest_calibrated_questions_of_the_subject_come_first(
    session: Session, similar: SimilarDifficulties
) -> None:
    subject, other = make_subject(session), make_subject(session)
    asked = embedded(session, subject, 0.0)
    embedded(session, subject, 0.5, difficulty=2.0)
    embedded(session, subject, 0.1, difficulty=-1.0)
    embedded(session, subject, 0.0, answers=9)
    embedded(session, other, 0.0)
    session.commit()
    found = similar(subject.id, asked.id)
    assert [each.difficulty for each in found] == [-1.0, 2.0]
    assert [each.similarity for each in found] == pytest.approx([np.cos(0.1), np.cos(0.5)], abs=1e-3)
    assert [each.standard_error for each in found] == [0.25, 0.25]


def test_what_is_not_embedded_has_no_neighbours(session: Session, similar: SimilarDifficulties) -> None:
    subject = make_subject(session)
    question = make_question(session, subject)
    alone = embedded(session, make_subject(session), 0.0, answers=0)
    session.commit()
    assert similar(subject.id, question.id) == []
    assert similar(alone.subject_id, alone.id) == []
