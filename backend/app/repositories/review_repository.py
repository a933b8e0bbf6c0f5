from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import LearnerStateRecord, ReviewCardRecord
from app.repositories.practice_step_rows import CardRow

DUE_AT_ONCE: Final = 10
MOST_CARDS: Final = 10_000

# Recall falls with days by stability, so their ratio sorts by it. A card stays out of a session that has shown its
# question since the last review: the student put it off.
_NEXT_DUE: Final = text(
    """
    SELECT c.question_id FROM review_cards c JOIN questions q ON q.id = c.question_id
    WHERE c.user_id = :user_id AND c.subject_id = :subject_id AND NOT c.is_suspended AND c.due <= :now
      AND q.status = 'published'
      AND (cardinality(CAST(:skill_ids AS uuid[])) = 0 OR EXISTS (
          SELECT 1 FROM question_skills k WHERE k.question_id = q.id AND k.skill_id = ANY(:skill_ids)))
      AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.user_id = c.user_id AND a.session_id = :session_id
          AND a.question_id = c.question_id AND a.shown_at > c.last_review)
    ORDER BY extract(epoch FROM :now - c.last_review) / c.stability DESC, c.question_id LIMIT :limit
    """
)

_OF_SCOPE: Final = """
    FROM review_cards c JOIN questions q ON q.id = c.question_id
    WHERE c.user_id = :user_id AND q.status = 'published'
      AND (CAST(:subject_id AS uuid) IS NULL OR c.subject_id = :subject_id)
"""
_CARDS: Final = text(
    """
    SELECT c.question_id, c.subject_id, c.due, c.phase, c.step, c.stability, c.difficulty, c.last_review, c.lapses,
           c.is_suspended
    FROM review_cards c JOIN questions q ON q.id = c.question_id
    WHERE c.user_id = :user_id AND q.status = 'published' AND NOT c.is_suspended AND c.due < :before
      AND (CAST(:subject_id AS uuid) IS NULL OR c.subject_id = :subject_id)
      AND (cardinality(CAST(:skill_ids AS uuid[])) = 0 OR EXISTS (
          SELECT 1 FROM question_skills k WHERE k.question_id = q.id AND k.skill_id = ANY(:skill_ids)))
    ORDER BY extract(epoch FROM :now - c.last_review) / c.stability DESC, c.question_id LIMIT :limit
    """
)
_SUSPENDED: Final = text(
    """
    SELECT c.question_id, c.subject_id, c.due, c.phase, c.step, c.stability, c.difficulty, c.last_review, c.lapses,
           c.is_suspended
    """
    + _OF_SCOPE
    + " AND c.is_suspended ORDER BY c.last_review DESC, c.question_id LIMIT :limit"
)
_COUNTS: Final = text(
    """
    SELECT count(*) FILTER (WHERE c.due <= :now AND NOT c.is_suspended) AS due,
           count(*) FILTER (WHERE c.due <= :now AND NOT c.is_suspended AND c.phase <> 'review') AS in_steps,
           count(*) FILTER (WHERE c.is_suspended) AS suspended
    """
    + _OF_SCOPE
)
_DAYS: Final = text(
    "SELECT (c.due AT TIME ZONE 'UTC')::date AS day, count(*) AS reviews"
    + _OF_SCOPE
    + " AND NOT c.is_suspended AND c.due > :now AND c.due < :before GROUP BY 1 ORDER BY 1"
)
_STEMS: Final = text("SELECT id, left(stem_text, 200) AS stem FROM questions WHERE id = ANY(:question_ids)")


class ReviewScope(NamedTuple):
    """Whose cards; no subject = all of them, no skills = every skill."""

    user_id: UUID
    subject_id: UUID | None
    skill_ids: Sequence[UUID] = ()

    def values(self) -> dict[str, object]:
        return {"user_id": self.user_id, "subject_id": self.subject_id, "skill_ids": list(self.skill_ids)}


class ReviewCounts(NamedTuple):
    """`in_steps` are the due ones that are still being learned, in steps of minutes."""

    due: int
    in_steps: int
    suspended: int


class ReviewRepository:
    """Review cards of published questions; every query names the student."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def next_due(self, scope: ReviewScope, session_id: UUID, now: datetime) -> Sequence[UUID]:
        """Questions to review in a session, the most nearly forgotten first."""
        values = scope.values() | {"session_id": session_id, "now": now, "limit": DUE_AT_ONCE}
        return self.session.scalars(_NEXT_DUE, values).all()

    def cards(
        self, scope: ReviewScope, now: datetime, before: datetime | None = None, limit: int = MOST_CARDS
    ) -> list[CardRow]:
        """Cards that are due now, or fall due before a time; the most nearly forgotten first."""
        values = scope.values() | {"now": now, "before": before or now, "limit": limit}
        return [CardRow._make(row) for row in self.session.execute(_CARDS, values)]

    def suspended(self, scope: ReviewScope, limit: int) -> list[CardRow]:
        """Cards that rest because they were forgotten too often, the last reviewed first."""
        rows = self.session.execute(_SUSPENDED, scope.values() | {"limit": limit})
        return [CardRow._make(row) for row in rows]

    def memory(self, user_id: UUID) -> list[float] | None:
        """Parameters of the student's own forgetting curve; None for the published ones."""
        statement = select(LearnerStateRecord.review_parameters).where(LearnerStateRecord.user_id == user_id)
        return self.session.scalar(statement)

    def card(self, user_id: UUID, question_id: UUID) -> ReviewCardRecord | None:
        return self.session.get(ReviewCardRecord, (user_id, question_id), populate_existing=True)

    def counts(self, scope: ReviewScope, now: datetime) -> ReviewCounts:
        return ReviewCounts._make(self.session.execute(_COUNTS, scope.values() | {"now": now}).one())

    def days(self, scope: ReviewScope, now: datetime, before: datetime) -> list[tuple[date, int]]:
        """How many cards fall due on each day to come (UTC)."""
        rows = self.session.execute(_DAYS, scope.values() | {"now": now, "before": before})
        return [(row.day, row.reviews) for row in rows]

    def stems(self, question_ids: Sequence[UUID]) -> dict[UUID, str]:
        rows = self.session.execute(_STEMS, {"question_ids": list(question_ids)})
        return {row.id: row.stem for row in rows}
