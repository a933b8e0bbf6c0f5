"""The one face of everything that makes vectors of pictures."""

from collections.abc import Sequence
from typing import Protocol

from app.ai.embeddings.vectors import EmbeddingError, FloatArray


class UnreadableImageError(EmbeddingError):
    """The bytes are no picture that can be read."""


class ImageEmbedder(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def is_semantic(self) -> bool:
        """Whether the vectors tell what is shown, and not only how it looks."""
        ...

    def embed_images(self, images: Sequence[bytes]) -> FloatArray:
        """Unit vectors in the order of the pictures, shape (n, dimension).

        Raises:
            EmbeddingError: There is no answer, or it is no set of vectors.
            UnreadableImageError: One of them is no picture.
        """
        ...
