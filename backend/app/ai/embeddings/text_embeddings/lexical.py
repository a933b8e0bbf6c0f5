"""Vectors without a model: hashed words and parts of words. It knows spelling, not meaning.

References:
    Weinberger, K. et al. (2009). Feature hashing for large scale multitask learning.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from app.ai.embeddings.text_embeddings.embedder import MAX_CHARACTERS
from app.ai.embeddings.vectors import FloatArray, checked
from app.utils.folding import words_of

DIMENSION: Final = 512
_PART: Final = 4
_PART_WEIGHT: Final = 0.5


class LexicalEmbedder:
    """The last resort; works on any machine, in any script."""

    name = f"lexical-{DIMENSION}"
    dimension = DIMENSION
    is_semantic = False

    def embed(self, texts: Sequence[str]) -> FloatArray:
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            for feature, weight in _features(text[:MAX_CHARACTERS]):
                code = zlib.crc32(feature.encode())
                vectors[row, code % DIMENSION] += weight if code & 0x8000_0000 else -weight
        return checked(vectors, len(texts), DIMENSION)


def _features(text: str) -> Iterator[tuple[str, float]]:
    words = Counter(words_of(text))
    if not words:
        yield "", 1.0
    for word, count in words.items():
        weight = 1.0 + math.log(count)
        yield word, weight
        padded = f"<{word}>"
        for start in range(len(padded) - _PART + 1):
            yield f"#{padded[start : start + _PART]}", weight * _PART_WEIGHT
