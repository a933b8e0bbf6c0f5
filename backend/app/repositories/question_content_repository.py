from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_WITH_KEY = text(
    """
    SELECT v.content, k.id, k.key
    FROM question_versions v
    JOIN LATERAL (SELECT id, key FROM question_keys WHERE version_id = v.id ORDER BY number DESC LIMIT 1) k ON true
    WHERE v.id = :version_id
    """
)


class ContentRow(NamedTuple):
    content: dict[str, Any]
    key_id: UUID
    key: dict[str, Any]


class QuestionContentRepository:
    """For grading on the server; what a student is sent is made from `content` alone until the key may be shown."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def with_current_key(self, version_id: UUID) -> ContentRow:
        """Raises NoResultFound for an unknown version."""
        return ContentRow(*self.session.execute(_WITH_KEY, {"version_id": version_id}).one())
