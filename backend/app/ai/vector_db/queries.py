"""Neighbours in a collection. Whoever asks says whose records count; there is no default that means everybody's."""

import threading
from collections.abc import Collection as Ids
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from app.ai.embeddings.vectors import FloatArray
from app.ai.vector_db.client import ChromaClient, CollectionMissingError
from app.ai.vector_db.collections import CollectionName

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection


@dataclass(frozen=True, slots=True)
class Everybody:
    """The caller checks each result against the database."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Only records of these."""

    ids: frozenset[UUID]


Scope = Everybody | Owners
EVERYBODY: Final = Everybody()


@dataclass(frozen=True, slots=True)
class Neighbour:
    id: UUID
    similarity: float


class Queries:
    def __init__(self, client: ChromaClient) -> None:
        self._client = client
        self._known: dict[str, Collection] = {}
        self._lock = threading.Lock()

    def nearest(self, name: CollectionName, vector: FloatArray, count: int, scope: Scope) -> list[Neighbour]:
        """The most similar records, best first.

        Raises:
            CollectionMissingError: Nothing was indexed with this embedder yet, or the index was lost.
            VectorIndexError: The server is away.
        """
        where = None if isinstance(scope, Everybody) else _of(scope.ids)
        try:
            found = self._ask(name, vector, count, where)
        except CollectionMissingError:
            # Made anew since it was first seen?
            with self._lock:
                self._known.pop(str(name), None)
            found = self._ask(name, vector, count, where)
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [Neighbour(UUID(each), 1.0 - distance) for each, distance in pairs]

    def _ask(self, name: CollectionName, vector: FloatArray, count: int, where: dict[str, Any] | None) -> Any:
        def request(client: "ClientAPI") -> Any:
            collection = self._collection(client, str(name))
            queries = cast("Any", [vector])
            return collection.query(query_embeddings=queries, n_results=count, where=where, include=["distances"])

        return self._client.call(request)

    def _collection(self, client: "ClientAPI", name: str) -> "Collection":
        known = self._known.get(name)
        if known is None:
            known = client.get_collection(name, embedding_function=None)
            with self._lock:
                self._known[name] = known
        return known


def _of(owners: Ids[UUID]) -> dict[str, Any]:
    return {"owner": {"$in": sorted(str(each) for each in owners)}}
