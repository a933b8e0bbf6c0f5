"""The one face of everything that makes vectors of texts."""

import hashlib
from collections.abc import Sequence
from typing import Final, Protocol

from app.ai.embeddings.vectors import FloatArray

MAX_CHARACTERS: Final = 8_000
"""Models read some hundred words; what lies behind them is cut before it costs anything."""


class TextEmbedder(Protocol):
    """Texts to unit vectors. `name` tells models apart: vectors of different names are never compared."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def is_semantic(self) -> bool:
        """Whether texts of the same meaning in other words lie near each other."""
        ...

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors in the order of the texts, shape (n, dimension).

        Raises:
            EmbeddingError: There is no answer, or it is no set of vectors.
        """
        ...


def text_hash(text: str) -> str:
    """Names a text in the cache of vectors."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
