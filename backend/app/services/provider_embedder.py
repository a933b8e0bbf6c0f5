"""Vectors from a provider of language models, metered and recorded like every other call."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from app.ai.embeddings.text_embeddings.embedder import MAX_CHARACTERS
from app.ai.embeddings.vectors import EmbeddingError, FloatArray, checked
from app.ai.llm.interface import EmbeddingWish
from app.core.errors import AppError
from app.domain.enums import LlmFlow, LlmProvider, Role
from app.services.llm_gateway import LlmGateway
from app.services.llm_meter import LlmCaller

DIMENSION: Final = 768
AT_ONCE: Final = 64
USUAL_MODELS: Final = {LlmProvider.GEMINI: "gemini-embedding-001", LlmProvider.OPENAI: "text-embedding-3-small"}


class ProviderEmbedder:
    """Nothing but the texts is sent. Providers fail in many ways; all of them are `EmbeddingError` here."""

    dimension = DIMENSION
    is_semantic = True

    def __init__(self, gateway: LlmGateway, provider: LlmProvider, model: str = "") -> None:
        self._gateway, self._provider = gateway, provider
        self._wish = EmbeddingWish(model or USUAL_MODELS[provider], DIMENSION)
        self._caller = LlmCaller(None, Role.ADMIN, LlmFlow.EMBEDDING, is_background=True)

    @property
    def name(self) -> str:
        return f"{self._provider.value}-{self._wish.model}-{DIMENSION}".replace("/", "-")[:100]

    def embed(self, texts: Sequence[str]) -> FloatArray:
        parts = [self._part(texts[start : start + AT_ONCE]) for start in range(0, len(texts), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, DIMENSION), dtype=np.float32)

    def _part(self, texts: Sequence[str]) -> FloatArray:
        # A provider refuses an empty text.
        sent = [text[:MAX_CHARACTERS] or " " for text in texts]
        try:
            vectors = self._gateway.embed_texts(self._caller, self._provider, sent, self._wish).vectors
        except AppError as error:
            raise EmbeddingError(f"{self._provider}: {error.detail}") from error
        if len({len(vector) for vector in vectors}) > 1:
            raise EmbeddingError(f"{self._provider}: vectors of different lengths")
        return checked(np.array(vectors, dtype=np.float32), len(texts), DIMENSION)
