from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

DUE_AT_ONCE: Final = 10

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


class ReviewScope(NamedTuple):
    """Whose cards; no skills = every skill of the subject."""

    user_id: UUID
    subject_id: UUID
    skill_ids: Sequence[UUID]


class ReviewRepository:
    """Review cards; every query names the student."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def next_due(self, scope: ReviewScope, session_id: UUID, now: datetime) -> Sequence[UUID]:
        """Questions to review in a session, the most nearly forgotten first."""
        values = scope._asdict() | {"skill_ids": list(scope.skill_ids), "session_id": session_id, "now": now}
        return self.session.scalars(_NEXT_DUE, values | {"limit": DUE_AT_ONCE}).all()
