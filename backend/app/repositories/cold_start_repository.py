"""What is known of a question's difficulty before anybody has answered it."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

CALIBRATED_FROM: Final = 10
"""Answers that make a difficulty worth comparing others with."""
MOST_NEIGHBOURS: Final = 4_000
MOST_UNANSWERED: Final = 20_000

_COLUMNS: Final = """
SELECT q.id, q.subject_id, p.difficulty, p.prior, p.answers, coalesce(t.information, 0) AS information,
       ARRAY(SELECT s.skill_id FROM question_skills s WHERE s.question_id = q.id ORDER BY s.skill_id) AS skill_ids,
       coalesce(v.embedder, '') AS embedder, v.vector
FROM questions q
JOIN item_parameters p ON p.id = q.id
LEFT JOIN item_statistics t ON t.question_id = q.id
LEFT JOIN search_documents d ON d.question_id = q.id
LEFT JOIN question_vectors v ON v.question_id = q.id AND v.part = 'stem' AND v.embedder = d.embedder
"""
_ONE: Final = text(_COLUMNS + "WHERE q.id = :question_id")
_CALIBRATED: Final = text(
    _COLUMNS + "WHERE q.subject_id = :subject_id AND p.answers >= :least ORDER BY p.answers DESC, q.id LIMIT :most"
)
_UNANSWERED: Final = text(
    _COLUMNS + "WHERE q.subject_id = :subject_id AND p.answers = 0 AND q.status = 'published' ORDER BY q.id LIMIT :most"
)
_SUBJECTS: Final = text(
    """
    SELECT q.subject_id FROM questions q JOIN item_parameters p ON p.id = q.id
    GROUP BY q.subject_id HAVING bool_or(p.answers >= :least) AND bool_or(p.answers = 0)
    """
)
# Steps too small to matter for a choice would make every process read the subject again.
_PREDICT: Final = text(
    """
    UPDATE item_parameters p SET difficulty = m.difficulty, updated_at = now()
    FROM unnest(CAST(:ids AS uuid[]), CAST(:difficulties AS float8[])) AS m (id, difficulty)
    WHERE p.id = m.id AND p.answers = 0 AND abs(p.difficulty - m.difficulty) > 0.05
    RETURNING p.id
    """
)
_BUMP: Final = text("UPDATE subjects SET content_revision = content_revision + 1 WHERE id = :subject_id")


class KnownQuestion(NamedTuple):
    """`vector` is the stored one of its text; `prior` what its author said of it in logits, 0 = nothing."""

    question_id: UUID
    subject_id: UUID
    difficulty: float
    prior: float
    answers: int
    information: float
    skill_ids: list[UUID]
    embedder: str
    vector: bytes | None


class ColdStartRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def question(self, question_id: UUID) -> KnownQuestion | None:
        """The caller has seen to it that the asker may see the question."""
        row = self.session.execute(_ONE, {"question_id": question_id}).one_or_none()
        return None if row is None else KnownQuestion._make(row)

    def calibrated(self, subject_id: UUID) -> list[KnownQuestion]:
        """The questions of a subject with the most answers."""
        where = {"subject_id": subject_id, "least": CALIBRATED_FROM, "most": MOST_NEIGHBOURS}
        return [KnownQuestion._make(row) for row in self.session.execute(_CALIBRATED, where)]

    def unanswered(self, subject_id: UUID) -> list[KnownQuestion]:
        where = {"subject_id": subject_id, "most": MOST_UNANSWERED}
        return [KnownQuestion._make(row) for row in self.session.execute(_UNANSWERED, where)]

    def subjects(self) -> list[UUID]:
        """Subjects with questions to learn from and questions to predict."""
        return list(self.session.scalars(_SUBJECTS, {"least": CALIBRATED_FROM}))

    def predict(self, subject_id: UUID, difficulties: Sequence[tuple[UUID, float]]) -> int:
        """Set the difficulties of unanswered questions; how many have changed enough to matter."""
        values = {"ids": [row[0] for row in difficulties], "difficulties": [row[1] for row in difficulties]}
        changed = len(self.session.scalars(_PREDICT, values).all())
        if changed:
            self.session.execute(_BUMP, {"subject_id": subject_id})
        return changed
