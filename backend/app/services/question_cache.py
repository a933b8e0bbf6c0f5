import threading
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy.orm import Session

from app.domain.question_parts import QuestionContent, QuestionKey
from app.repositories.question_content_repository import QuestionContentRepository

SIZE: Final = 4_000


@dataclass(frozen=True, slots=True)
class CachedQuestion:
    content: QuestionContent
    key_id: UUID
    key: QuestionKey


class QuestionCache:
    """Parsed question versions of this process. Versions never change; a new key of a version is noticed by its id."""

    def __init__(self) -> None:
        self._questions: LRUCache[UUID, CachedQuestion] = LRUCache(SIZE)
        self._lock = threading.Lock()

    def get(self, session: Session, version_id: UUID, key_id: UUID | None = None) -> CachedQuestion:
        """The version with its key in force; pass `key_id` where it is known, a stale entry is read again then."""
        with self._lock:
            found = self._questions.get(version_id)
        if found is not None and key_id in (None, found.key_id):
            return found
        row = QuestionContentRepository(session).with_current_key(version_id)
        question = CachedQuestion(
            QuestionContent.model_validate(row.content), row.key_id, QuestionKey.model_validate(row.key)
        )
        with self._lock:
            self._questions[version_id] = question
        return question
