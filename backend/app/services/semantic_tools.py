"""The embedders and the vector index of a process."""

from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Self

from cachetools import LRUCache

from app.ai.embeddings.image_embeddings.choice import image_embedder
from app.ai.embeddings.image_embeddings.embedder import ImageEmbedder
from app.ai.embeddings.text_embeddings.choice import text_embedder
from app.ai.embeddings.text_embeddings.embedder import TextEmbedder
from app.ai.embeddings.vectors import FloatArray
from app.ai.vector_db.client import ChromaClient
from app.ai.vector_db.collections import CollectionName, Collections, Content
from app.ai.vector_db.queries import Queries
from app.core.resources import Resources
from app.domain.enums import LlmProvider
from app.services.filtered_vectors import FilteredVectorsCache
from app.services.llm_gateway import LlmGateway
from app.services.provider_embedder import ProviderEmbedder
from app.services.provider_image_embedder import ProviderImageEmbedder

_queries: LRUCache[tuple[str, str], FloatArray] = LRUCache(maxsize=512)
_remembering = Lock()


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """Both halves of the one Chroma server."""

    collections: Collections
    queries: Queries


@dataclass(frozen=True, slots=True)
class SemanticTools:
    """Without an index vectors are kept and compared in the database alone."""

    texts: TextEmbedder
    images: ImageEmbedder
    index: VectorIndex | None
    filtered: FilteredVectorsCache = field(default_factory=FilteredVectorsCache)

    @classmethod
    def open(cls, resources: Resources, *, is_writer: bool = False) -> Self:
        """Loads nothing yet; a writer waits longer for the server."""
        chroma = resources.settings.chroma
        timeout_s = chroma.write_timeout_s if is_writer else chroma.timeout_s
        index = _index(chroma.url, timeout_s) if chroma.url else None
        return cls(_texts(resources), _images(resources), index)

    def embed_query(self, text: str) -> FloatArray:
        """The vector of what somebody typed; remembered, since people turn pages and come back.

        Raises:
            EmbeddingError: The embedder gave no vector.
        """
        name = (self.texts.name, text)
        with _remembering:
            known = _queries.get(name)
        if known is None:
            known = self.texts.embed([text])[0]
            with _remembering:
                _queries[name] = known
        return known

    @property
    def questions(self) -> CollectionName:
        return CollectionName(Content.QUESTIONS, self.texts.name, self.texts.dimension)

    @property
    def pictures(self) -> CollectionName:
        return CollectionName(Content.IMAGES, self.images.name, self.images.dimension)


def _texts(resources: Resources) -> TextEmbedder:
    settings = resources.settings.embeddings
    if settings.provider in ("gemini", "openai"):
        return ProviderEmbedder(LlmGateway.of(resources), LlmProvider(settings.provider), settings.model)
    return text_embedder(settings)


def _images(resources: Resources) -> ImageEmbedder:
    settings = resources.settings.embeddings
    if settings.image_provider == "gemini":
        return ProviderImageEmbedder(LlmGateway.of(resources), LlmProvider.GEMINI, settings.image_model)
    return image_embedder(settings)


@cache
def _index(url: str, timeout_s: float) -> VectorIndex:
    client = ChromaClient(url, timeout_s)
    return VectorIndex(Collections(client), Queries(client))
