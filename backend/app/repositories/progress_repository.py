from collections.abc import Sequence
from datetime import date, datetime
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

_CURVE_DAYS: Final = text(
    """
    SELECT (t.answered_at AT TIME ZONE 'UTC')::date AS day, count(*) AS answers,
           sum(coalesce(r.evidence, t.evidence)) AS score, sum(a.predicted) AS expected, sum(t.elapsed_ms) AS elapsed_ms
    FROM attempts t
    LEFT JOIN LATERAL (SELECT evidence FROM attempts WHERE user_id = t.user_id AND assignment_id = t.assignment_id
                       AND action = 'regraded' AND t.action = 'graded' ORDER BY id DESC LIMIT 1) r ON true
    JOIN assignments a ON a.user_id = t.user_id AND a.id = t.assignment_id
    JOIN practice_sessions s ON s.user_id = a.user_id AND s.id = a.session_id AND s.subject_id = :subject_id
    WHERE t.user_id = :user_id AND t.answered_at >= :since AND t.evidence IS NOT NULL AND t.weight = 1
          AND t.action <> 'regraded'
    GROUP BY 1 ORDER BY 1
    """
)
# The chance after the last step of each day; ids sort by time.
_CURVES: Final = text(
    """
    SELECT DISTINCT ON (k.position, k.id, day) k.id AS skill_id, k.name, day, mastery
    FROM (SELECT t.id, (t.answered_at AT TIME ZONE 'UTC')::date AS day, (change ->> 0)::uuid AS skill_id,
                 (change ->> 2)::float8 AS mastery
          FROM attempts t, jsonb_array_elements(t.effects -> 'mastery') change
          WHERE t.user_id = :user_id AND t.answered_at >= :since AND t.evidence IS NOT NULL) c
    JOIN skills k ON k.id = c.skill_id AND k.subject_id = :subject_id AND k.archived_at IS NULL
    ORDER BY k.position, k.id, day, c.id DESC
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

    def curve_days(self, user_id: UUID, subject_id: UUID, since: datetime) -> Sequence[RowMapping]:
        """Answers of a subject by day (UTC), with the sum of the successes that were expected of them."""
        values = {"user_id": user_id, "subject_id": subject_id, "since": since}
        return self.session.execute(_CURVE_DAYS, values).mappings().all()

    def curves(self, user_id: UUID, subject_id: UUID, since: datetime) -> Sequence[RowMapping]:
        """P(mastered) of each skill at the end of each day with an answer, skill by skill."""
        values = {"user_id": user_id, "subject_id": subject_id, "since": since}
        return self.session.execute(_CURVES, values).mappings().all()

    def mistakes(self, user_id: UUID, subject_id: UUID) -> Sequence[UUID]:
        """Questions answered wrong the last time, the latest first."""
        values = {"user_id": user_id, "subject_id": subject_id, "limit": MOST_MISTAKES}
        return self.session.scalars(_MISTAKES, values).all()

    def last_answers(self, user_id: UUID, subject_id: UUID) -> list[SkillAnswer]:
        """The student's last answers, once for each skill of their questions, the latest first."""
        values = {"user_id": user_id, "subject_id": subject_id, "limit": LAST_ANSWERS}
        return [SkillAnswer._make(row) for row in self.session.execute(_LAST_ANSWERS, values)]
