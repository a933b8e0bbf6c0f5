"""Difficulties of questions of like wording, compared exactly: a job looks at one subject's calibrated questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.vectors import FloatArray, from_bytes
from app.ai.processing.metadata_extractor import Neighbour
from app.core.resources import Resources
from app.repositories.difficulty_repository import CalibratedVector, DifficultyRepository
from app.repositories.vector_repository import VectorRepository
from app.services.semantic_tools import SemanticTools

MOST_NEIGHBOURS: Final = 8


@dataclass(frozen=True, slots=True)
class _Calibrated:
    rows: Sequence[CalibratedVector]
    vectors: FloatArray


class SimilarDifficulties:
    """Reads the vectors of a subject once; a question that is not embedded yet has no neighbours."""

    def __init__(self, sessions: sessionmaker[Session], embedder: str, dimension: int) -> None:
        self._sessions, self._embedder, self._dimension = sessions, embedder, dimension
        self._subjects: dict[UUID, _Calibrated] = {}

    @classmethod
    def of(cls, resources: Resources) -> Self:
        texts = SemanticTools.open(resources).texts
        return cls(resources.sessions, texts.name, texts.dimension)

    def __call__(self, subject_id: UUID, question_id: UUID) -> list[Neighbour]:
        """The nearest calibrated questions of the subject, best first, the question itself left out."""
        with self._sessions() as session:
            stored = VectorRepository(session, self._embedder).of_questions([question_id]).get(question_id)
            if stored is None:
                return []
            known = self._subjects.get(subject_id) or self._read(session, subject_id)
        if not known.rows:
            return []
        similarities = known.vectors @ from_bytes(stored, self._dimension)[0]
        nearest = np.argsort(-similarities, kind="stable")[: MOST_NEIGHBOURS + 1]
        found = [(known.rows[place], float(similarities[place])) for place in nearest]
        return [
            Neighbour(similarity, row.difficulty, row.standard_error)
            for row, similarity in found
            if row.question_id != question_id
        ][:MOST_NEIGHBOURS]

    def _read(self, session: Session, subject_id: UUID) -> _Calibrated:
        rows = DifficultyRepository(session).calibrated_vectors(subject_id, self._embedder)
        matrix = from_bytes(b"".join(row.vector for row in rows), self._dimension)
        self._subjects[subject_id] = _Calibrated(rows, matrix)
        return self._subjects[subject_id]
