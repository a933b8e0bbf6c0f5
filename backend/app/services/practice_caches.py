from dataclasses import dataclass
from typing import Self
from uuid import UUID

from app.core.resources import Resources
from app.repositories.pool_repository import PoolRepository, PoolRows
from app.services.practice_pool import PoolCache
from app.services.question_cache import QuestionCache


@dataclass(frozen=True, slots=True)
class PracticeCaches:
    """What a process keeps for practice; everything in it can be read again from the database."""

    pools: PoolCache
    questions: QuestionCache

    @classmethod
    def open(cls, resources: Resources) -> Self:
        def read(subject_id: UUID) -> PoolRows:
            with resources.sessions() as session:
                return PoolRepository(session).read(subject_id)

        return cls(PoolCache(read, resources.settings.practice.pool_refresh_s), QuestionCache())

    def close(self) -> None:
        self.pools.close()
