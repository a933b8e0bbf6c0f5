from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

LAST_ANSWERS: Final = 40
MOST_MISTAKES: Final = 50

_DAYS: Final = text(
    "SELECT day, answers, score, elapsed_ms FROM daily_activity WHERE user_id = :user_id AND day >= :since ORDER BY day"
)
_EVENTS: Final = text(
    """
    SELECT e.at, e.skill_id, k.name, e.from_state, e.to_state, e.cause
    FROM mastery_events e JOIN skills k ON k.id = e.skill_id
    WHERE e.user_id = :user_id AND (CAST(:subject_id AS uuid) IS NULL OR k.subject_id = :subject_id)
    ORDER BY e.attempt_id DESC, e.cause LIMIT :limit
    """
)
_MISTAKES: Final = text(
    """
    SELECT i.question_id FROM learner_item_states i JOIN questions q ON q.id = i.question_id
    WHERE i.user_id = :user_id AND i.last_result < 0.5 AND q.subject_id = :subject_id AND q.status = 'published'
    ORDER BY i.last_at DESC LIMIT :limit
    """
)
_LAST_ANSWERS: Final = text(
    """
    SELECT k.skill_id, t.question_id, t.evidence
    FROM (SELECT id, question_id, evidence FROM attempts
          WHERE user_id = :user_id AND evidence IS NOT NULL AND action IN ('answer', 'close')
          ORDER BY id DESC LIMIT :limit) t
    JOIN question_skills k ON k.question_id = t.question_id
    JOIN skills s ON s.id = k.skill_id AND s.subject_id = :subject_id
    ORDER BY t.id DESC
    """
)


class ActiveDay(NamedTuple):
    day: date
    answers: int
    score: float
    elapsed_ms: int


class SkillAnswer(NamedTuple):
    skill_id: UUID
    question_id: UUID
    result: float


class ProgressRepository:
    """What a student did over time; every query names the student."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def days(self, user_id: UUID, since: date) -> list[ActiveDay]:
        """Days with answers (UTC), over all subjects."""
        rows = self.session.execute(_DAYS, {"user_id": user_id, "since": since})
        return [ActiveDay._make(row) for row in rows]

    def mastery_events(self, user_id: UUID, subject_id: UUID | None, limit: int) -> Sequence[RowMapping]:
        """Changes of mastery states, the latest first."""
        values = {"user_id": user_id, "subject_id": subject_id, "limit": limit}
        return self.session.execute(_EVENTS, values).mappings().all()

    def mistakes(self, user_id: UUID, subject_id: UUID) -> Sequence[UUID]:
        """Questions answered wrong the last time, the latest first."""
        values = {"user_id": user_id, "subject_id": subject_id, "limit": MOST_MISTAKES}
        return self.session.scalars(_MISTAKES, values).all()

    def last_answers(self, user_id: UUID, subject_id: UUID) -> list[SkillAnswer]:
        """The student's last answers, once for each skill of their questions, the latest first."""
        values = {"user_id": user_id, "subject_id": subject_id, "limit": LAST_ANSWERS}
        return [SkillAnswer._make(row) for row in self.session.execute(_LAST_ANSWERS, values)]
