"""Which wrong options students chose."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

MOST_CHOICES: Final = 5_000

# "True" and "false" are alike in every question. The key in force says what was wrong; options of several choices each
# count by themselves.
_CHOSEN: Final = text(
    """
    SELECT a.question_id, o.value AS option_text,
           coalesce(k.key -> 'options' -> c.option ->> 'feedback', '') AS feedback,
           array_agg(DISTINCT t.user_id) AS students
    FROM attempts t
    JOIN assignments a ON a.user_id = t.user_id AND a.id = t.assignment_id
    JOIN practice_sessions s ON s.user_id = a.user_id AND s.id = a.session_id AND s.subject_id = :subject_id
    CROSS JOIN LATERAL (
        SELECT t.response ->> 'choice' AS option WHERE t.response ? 'choice'
        UNION ALL SELECT jsonb_array_elements_text(t.response -> 'choices') WHERE t.response ? 'choices'
    ) c
    JOIN question_versions v ON v.id = a.version_id
    JOIN LATERAL (SELECT k.key FROM question_keys k WHERE k.version_id = v.id ORDER BY k.number DESC LIMIT 1) k ON true
    JOIN LATERAL (SELECT e ->> 'html' AS value FROM jsonb_array_elements(v.content -> 'options') e
                  WHERE e ->> 'id' = c.option) o ON true
    WHERE t.action IN ('answer', 'close') AND v.content ->> 'type' <> 'true_false'
          AND coalesce((k.key -> 'options' -> c.option ->> 'weight')::float8, 0) <= 0
    GROUP BY a.question_id, option_text, feedback
    ORDER BY count(DISTINCT t.user_id) DESC, a.question_id, option_text
    LIMIT :most
    """
)


class ChosenOption(NamedTuple):
    """`option_html` and `feedback_html` as the author wrote them."""

    question_id: UUID
    option_html: str
    feedback_html: str
    students: list[UUID]


class WrongAnswerRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def chosen(self, subject_id: UUID) -> list[ChosenOption]:
        """Wrong options of a subject, those of most students first."""
        rows = self.session.execute(_CHOSEN, {"subject_id": subject_id, "most": MOST_CHOICES})
        return [ChosenOption._make(row) for row in rows]
