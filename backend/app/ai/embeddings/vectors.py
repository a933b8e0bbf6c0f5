"""What every embedder must hand back, and how vectors are kept: float16, unit length, one row a text."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32]

UNIT_TOLERANCE = 1e-2
STORED_TYPE = np.dtype("<f2")


class EmbeddingError(Exception):
    """An embedder that cannot be used: unreachable, or it answered with something that is no set of vectors."""


class ModelMissingError(EmbeddingError):
    """The folder holds no model that can be read."""


class BadVectorsError(EmbeddingError):
    """Too few vectors, of another dimension, not finite, or without direction."""


def checked(vectors: FloatArray, count: int, dimension: int) -> FloatArray:
    """The vectors at unit length.

    Args:
        vectors: What an embedder handed back.
        count: Rows there must be.
        dimension: Columns there must be.

    Raises:
        BadVectorsError: The shape is another one, a value is not finite, or a vector has no direction.
    """
    if vectors.ndim != 2 or vectors.shape != (count, dimension):  # noqa: PLR2004  # rows and columns
        raise BadVectorsError(f"expected {count} vectors of {dimension} numbers, got shape {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise BadVectorsError("a vector holds a number that is not finite")
    if not vectors.any(axis=1).all():
        raise BadVectorsError("a vector has no direction")
    return normalised(vectors)


def normalised(vectors: FloatArray) -> FloatArray:
    """Each row divided by its length; rows of zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: FloatArray = (vectors / np.where(lengths > 0.0, lengths, 1.0)).astype(np.float32)
    return scaled


def to_bytes(vector: FloatArray) -> bytes:
    return vector.astype(STORED_TYPE).tobytes()


def from_bytes(stored: bytes, dimension: int) -> FloatArray:
    """The matrix of one or several vectors that were stored behind each other. Shape (n, dimension)."""
    return np.frombuffer(stored, dtype=STORED_TYPE).reshape(-1, dimension).astype(np.float32)
