from dataclasses import dataclass
from typing import Self
from uuid import UUID

from app.core.resources import Resources
from app.repositories.model_repository import ModelRepository
from app.repositories.pool_repository import PoolRepository, PoolRows
from app.services.model_heads import ModelHeads
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

        def read_model(number: int) -> bytes | None:
            with resources.sessions() as session:
                return ModelRepository(session).content(number)

        refresh_s = resources.settings.practice.pool_refresh_s
        return cls(PoolCache(read, refresh_s, ModelHeads(read_model)), QuestionCache())

    def close(self) -> None:
        self.pools.close()
