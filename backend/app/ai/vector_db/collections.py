"""What lies in Chroma. A name tells what is in a collection and which embedder made it, so vectors are never mixed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from app.ai.embeddings.vectors import FloatArray
from app.ai.vector_db.client import ChromaClient, CollectionMissingError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

LARGEST_BATCH: Final = 1_000
"""The server takes 5,461 records in one request; building their part of the graph would take it many seconds."""
_GRAPH: Final = {"hnsw": {"space": "cosine", "ef_construction": 400, "ef_search": 400}}
_PAGE: Final = 10_000


class Content(StrEnum):
    QUESTIONS = "questions"
    CHUNKS = "chunks"
    IMAGES = "images"


@dataclass(frozen=True, slots=True)
class CollectionName:
    """`dimension` is part of the embedder's name already; it is named again because the server checks nothing else."""

    content: Content
    embedder: str
    dimension: int

    def __str__(self) -> str:
        safe = "".join(char if char.isalnum() or char == "-" else "-" for char in self.embedder.lower())
        return f"{self.content.value}-{safe[:400].strip('-')}-d{self.dimension}"


class Collections:
    """Reading and writing whole records; `queries` looks for neighbours."""

    def __init__(self, client: ChromaClient) -> None:
        self._client = client

    def upsert(
        self, name: CollectionName, ids: Sequence[UUID], vectors: FloatArray, owners: Sequence[UUID | None]
    ) -> None:
        """Write records, making the collection where there is none; writing them again changes nothing.

        `owners` says whose a record is (a subject, a document's owner), for forced filters.
        """
        for part in _batches(len(ids)):
            records: dict[str, Any] = {
                "ids": [str(each) for each in ids[part]],
                "embeddings": vectors[part],
                "metadatas": [{"owner": str(owner or "")} for owner in owners[part]],
            }
            self._client.call(partial(_upsert, name, records))

    def delete(self, name: CollectionName, ids: Sequence[UUID]) -> None:
        try:
            for part in _batches(len(ids)):
                self._client.call(partial(_delete, name, [str(each) for each in ids[part]]))
        except CollectionMissingError:
            return

    def drop(self, name: CollectionName) -> None:
        try:
            self._client.call(lambda client: client.delete_collection(str(name)))
        except CollectionMissingError:
            return

    def count(self, name: CollectionName) -> int:
        """Records in the collection; 0 when there is none."""
        try:
            return self._client.call(lambda client: _found(client, name).count())
        except CollectionMissingError:
            return 0

    def ids(self, name: CollectionName) -> Iterator[UUID]:
        """Every id in the collection, page by page."""
        offset, size = 0, self.count(name)
        while offset < size:
            yield from map(UUID, self._client.call(partial(_page, name, offset)))
            offset += _PAGE

    def others(self, wanted: CollectionName) -> list[str]:
        """Names of collections with the same content of other embedders."""
        prefix = f"{wanted.content.value}-"
        names = self._client.call(lambda client: [each.name for each in client.list_collections()])
        return [name for name in names if name.startswith(prefix) and name != str(wanted)]

    def drop_named(self, name: str) -> None:
        self._client.call(lambda client: client.delete_collection(name))


def _upsert(name: CollectionName, records: dict[str, Any], client: "ClientAPI") -> None:
    _made(client, name).upsert(**records)


def _delete(name: CollectionName, ids: list[str], client: "ClientAPI") -> None:
    _found(client, name).delete(ids=ids)


def _page(name: CollectionName, offset: int, client: "ClientAPI") -> list[str]:
    return _found(client, name).get(limit=_PAGE, offset=offset, include=[])["ids"]


def _batches(count: int) -> list[slice]:
    return [slice(start, start + LARGEST_BATCH) for start in range(0, count, LARGEST_BATCH)]


def _made(client: "ClientAPI", name: CollectionName) -> "Collection":
    return client.get_or_create_collection(str(name), configuration=cast("Any", _GRAPH), embedding_function=None)


def _found(client: "ClientAPI", name: CollectionName) -> "Collection":
    return client.get_collection(str(name), embedding_function=None)
