"""Vectors of what narrow filters leave, kept for a while: whoever searches with a filter searches with it again."""

from dataclasses import replace
from threading import Lock
from typing import Final
from uuid import UUID

from cachetools import TTLCache

from app.domain.permissions import Actor
from app.domain.search import SearchFilter
from app.repositories.search_repository import FilteredVectors

KEPT_S: Final = 30.0
"""So long may a search miss a question that has just come under its filter; what has left it is never shown."""
MOST_ROWS: Final = 40_000
"""Of all filters together: 31 MB with 384 numbers each."""
LARGEST: Final = 10_000

Key = tuple[str, UUID | bool, SearchFilter]


class FilteredVectorsCache:
    """Of one process. What comes out of it must be checked against the database like what the index says."""

    def __init__(self) -> None:
        self._kept: TTLCache[Key, FilteredVectors] = TTLCache(MOST_ROWS, KEPT_S, getsizeof=lambda kept: len(kept) + 1)
        self._lock = Lock()

    def get(self, embedder: str, actor: Actor, wanted: SearchFilter) -> FilteredVectors | None:
        with self._lock:
            return self._kept.get(_key(embedder, actor, wanted))

    def put(self, embedder: str, actor: Actor, wanted: SearchFilter, vectors: FilteredVectors) -> None:
        """Sets that are too large are not kept."""
        if len(vectors) <= LARGEST:
            with self._lock:
                self._kept[_key(embedder, actor, wanted)] = vectors


def _key(embedder: str, actor: Actor, wanted: SearchFilter) -> Key:
    """What each person has seen is their own; all else depends on whether they are staff."""
    whose = actor.is_staff if wanted.seen is None else actor.user_id
    return embedder, whose, replace(wanted, without=None)
