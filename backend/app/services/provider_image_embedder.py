"""Vectors of pictures from a provider that understands them, metered and recorded like every other call."""

import io
from collections.abc import Sequence
from typing import Final

import numpy as np

from app.ai.embeddings.image_embeddings.pictures import opened
from app.ai.embeddings.vectors import EmbeddingError, FloatArray, checked
from app.ai.llm.interface import Blob, EmbeddingWish
from app.core.errors import AppError
from app.domain.enums import LlmFlow, LlmProvider, Role
from app.services.llm_gateway import LlmGateway
from app.services.llm_meter import LlmCaller

DIMENSION: Final = 768
AT_ONCE: Final = 6
USUAL_MODEL: Final = "gemini-embedding-2"
LONGEST_SIDE: Final = 768
"""Pixels; more of them cost time on the way and change the vector little."""
QUALITY: Final = 90


class ProviderImageEmbedder:
    """Nothing but the pixels is sent, made smaller. However a provider fails, it is an `EmbeddingError` here."""

    dimension = DIMENSION
    is_semantic = True

    def __init__(self, gateway: LlmGateway, provider: LlmProvider, model: str = "") -> None:
        self._gateway, self._provider = gateway, provider
        self._wish = EmbeddingWish(model or USUAL_MODEL, DIMENSION)
        self._caller = LlmCaller(None, Role.ADMIN, LlmFlow.IMAGE_EMBEDDING, is_background=True)

    @property
    def name(self) -> str:
        return f"{self._provider.value}-{self._wish.model}-{DIMENSION}".replace("/", "-")[:100]

    def embed_images(self, images: Sequence[bytes]) -> FloatArray:
        sent = [_prepared(data) for data in images]
        parts = [self._part(sent[start : start + AT_ONCE]) for start in range(0, len(sent), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, DIMENSION), dtype=np.float32)

    def _part(self, pictures: Sequence[Blob]) -> FloatArray:
        try:
            vectors = self._gateway.embed_images(self._caller, self._provider, pictures, self._wish).vectors
        except AppError as error:
            raise EmbeddingError(f"{self._provider}: {error.detail}") from error
        return checked(np.array(vectors, dtype=np.float32), len(pictures), DIMENSION)


def _prepared(data: bytes) -> Blob:
    """A JPEG of bounded size, which every provider reads, without anything that a camera wrote into the file."""
    picture = opened(data)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return Blob(buffer.getvalue(), "image/jpeg")
