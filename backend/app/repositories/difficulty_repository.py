from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.domain.search import VectorPart
from app.models import ItemParameter, ItemStatistic, Question, QuestionVector, question_skills
from app.repositories.item_repository import PRIOR_PRECISION

CALIBRATED_ANSWERS: Final = 10
"""So many answers make a difficulty that others may be guessed from."""

MOST_VECTORS: Final = 20_000


@dataclass(frozen=True, slots=True)
class CalibratedVector:
    question_id: UUID
    difficulty: float
    standard_error: float
    vector: bytes


_SET_PRIORS = text(
    """
    UPDATE item_parameters p
    SET prior = g.prior, difficulty = g.prior, updated_at = now()
    FROM unnest(CAST(:ids AS uuid[]), CAST(:priors AS double precision[])) AS g (id, prior)
    WHERE p.id = g.id AND p.answers = 0 AND p.prior <> g.prior
    RETURNING p.id
    """
)
_BUMP = text(
    """
    UPDATE subjects SET content_revision = content_revision + 1
    WHERE id IN (SELECT subject_id FROM questions WHERE id = ANY(:questions))
    """
)


class DifficultyRepository:
    """First guesses of difficulties, for questions that nobody has answered."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def calibrated_by_skill(self, subject_id: UUID) -> dict[UUID, tuple[float, ...]]:
        """Difficulties in logits of the subject's calibrated questions, by skill."""
        statement = (
            select(question_skills.c.skill_id, func.array_agg(ItemParameter.difficulty))
            .join(Question, Question.id == question_skills.c.question_id)
            .join(ItemParameter, ItemParameter.id == Question.id)
            .where(Question.subject_id == subject_id, ItemParameter.answers >= CALIBRATED_ANSWERS)
            .group_by(question_skills.c.skill_id)
        )
        return {row[0]: tuple(row[1]) for row in self.session.execute(statement)}

    def calibrated_vectors(self, subject_id: UUID, embedder: str) -> list[CalibratedVector]:
        """The stems of the subject's calibrated questions, those with the most answers first."""
        statement = (
            select(ItemParameter.id, ItemParameter.difficulty, ItemStatistic.information, QuestionVector.vector)
            .join(Question, Question.id == ItemParameter.id)
            .join(ItemStatistic, ItemStatistic.question_id == ItemParameter.id)
            .join(QuestionVector, QuestionVector.question_id == ItemParameter.id)
            .where(
                Question.subject_id == subject_id,
                ItemParameter.answers >= CALIBRATED_ANSWERS,
                QuestionVector.embedder == embedder,
                QuestionVector.part == VectorPart.STEM,
            )
            .order_by(ItemParameter.answers.desc(), ItemParameter.id)
            .limit(MOST_VECTORS)
        )
        return [
            CalibratedVector(row.id, row.difficulty, float(PRIOR_PRECISION + row.information) ** -0.5, row.vector)
            for row in self.session.execute(statement)
        ]

    def set_priors(self, priors: Mapping[UUID, float]) -> int:
        """A question that has been answered meanwhile keeps what its answers say; the number of changed ones."""
        rows = self.session.scalars(_SET_PRIORS, {"ids": list(priors), "priors": list(priors.values())}).all()
        if rows:
            self.session.execute(_BUMP, {"questions": list(rows)})
        return len(rows)
