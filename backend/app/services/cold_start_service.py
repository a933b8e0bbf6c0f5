"""How hard a question is before anybody has answered it, and what the answer rests on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from app.ai.embeddings.vectors import STORED_TYPE
from app.ai.personalization.user_modeling.cold_start import (
    Basis,
    Difficulty,
    Estimate,
    combine,
    from_neighbours,
    from_skill,
    from_stated,
    stated_variance,
)
from app.core.errors import NotFoundError
from app.domain.permissions import Actor
from app.repositories.cold_start_repository import ColdStartRepository, KnownQuestion
from app.repositories.item_repository import PRIOR_PRECISION
from app.repositories.question_repository import QuestionRepository
from app.schemas.question import DifficultyBasis, DifficultyRead

FloatArray = NDArray[np.float64]


class ColdStartService:
    def __init__(self, session: Session) -> None:
        self._session, self._questions = session, ColdStartRepository(session)

    def read(self, actor: Actor, question_id: UUID) -> Difficulty:
        """Raises NotFoundError for a question that the asker may not see."""
        if question_id not in QuestionRepository(self._session).subjects_of(actor, [question_id]):
            raise NotFoundError("No such question.")
        question = self._questions.question(question_id)
        if question is None:
            raise NotFoundError("No such question.")
        return Peers(self._questions.calibrated(question.subject_id)).difficulty(question)

    def predict(self, subject_id: UUID) -> int:
        """Let the unanswered questions of a subject take their predicted difficulties; how many changed."""
        peers = Peers(self._questions.calibrated(subject_id))
        found = [(each.question_id, peers.difficulty(each).value) for each in self._questions.unanswered(subject_id)]
        return self._questions.predict(subject_id, found) if found else 0


@dataclass(frozen=True, slots=True)
class _Vectors:
    """Unit vectors of one embedder, shape (n, d), with the difficulties of their questions and their variances."""

    ids: Sequence[UUID]
    matrix: NDArray[np.float32]
    difficulties: FloatArray
    variances: FloatArray


class Peers:
    """The calibrated questions of a subject, to predict others from."""

    def __init__(self, calibrated: Sequence[KnownQuestion]) -> None:
        self._by_skills: dict[tuple[UUID, ...], list[KnownQuestion]] = {}
        for question in calibrated:
            self._by_skills.setdefault(tuple(question.skill_ids), []).append(question)
        stated = [question for question in calibrated if question.prior]
        errors = np.array([question.difficulty - question.prior for question in stated])
        self._stated_variance = stated_variance(errors)
        embedders = {question.embedder for question in calibrated if question.vector}
        self._vectors = {name: _vectors([one for one in calibrated if one.embedder == name]) for name in embedders}

    def difficulty(self, question: KnownQuestion) -> Difficulty:
        """Independent estimates put together by the inverse of their variances; what answers made of it, once there."""
        if question.answers:
            return _calibrated(question)
        estimates = (self._of_skill(question), self._of_neighbours(question), self._stated(question))
        return combine([estimate for estimate in estimates if estimate is not None])

    def _of_skill(self, question: KnownQuestion) -> Estimate:
        others = self._by_skills.get(tuple(question.skill_ids), ())
        return from_skill(np.array([one.difficulty for one in others if one.question_id != question.question_id]))

    def _of_neighbours(self, question: KnownQuestion) -> Estimate | None:
        known = self._vectors.get(question.embedder)
        if known is None or question.vector is None:
            return None
        own = np.frombuffer(question.vector, dtype=STORED_TYPE).astype(np.float32)
        others = np.array([one != question.question_id for one in known.ids])
        cosines = (known.matrix[others] @ own).astype(np.float64)
        return from_neighbours(cosines, known.difficulties[others], known.variances[others])

    def _stated(self, question: KnownQuestion) -> Estimate | None:
        return from_stated(question.prior, self._stated_variance) if question.prior else None


def _calibrated(question: KnownQuestion) -> Difficulty:
    """The served difficulty: live calibration gives what was believed before the weight of its prior."""
    precision = PRIOR_PRECISION + question.information
    shares = ((Basis.ANSWERS, question.information / precision), (Basis.METADATA, PRIOR_PRECISION / precision))
    return Difficulty(question.difficulty, math.sqrt(1.0 / precision), shares, question.answers)


def difficulty_read(found: Difficulty) -> DifficultyRead:
    return DifficultyRead(
        value=found.value,
        standard_error=found.standard_error,
        answers=found.answers,
        is_predicted=found.is_predicted,
        text="predicted, 0 answers" if found.is_predicted else f"from {found.answers} answers",
        basis=[DifficultyBasis(name=basis.value, share=share) for basis, share in found.weights],
    )


def _vectors(questions: Sequence[KnownQuestion]) -> _Vectors:
    width = max(len(question.vector or b"") for question in questions)
    usable = [question for question in questions if question.vector is not None and len(question.vector) == width]
    stored = b"".join(question.vector or b"" for question in usable)
    return _Vectors(
        [question.question_id for question in usable],
        np.frombuffer(stored, dtype=STORED_TYPE).reshape(len(usable), -1).astype(np.float32),
        np.array([question.difficulty for question in usable]),
        np.array([1.0 / (PRIOR_PRECISION + question.information) for question in usable]),
    )
