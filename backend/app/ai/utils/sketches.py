"""Sketches of unit vectors, 32 bytes each, from which cosines are estimated much quicker than from the vectors.

Each bit tells on which side of a hyperplane a vector lies. Two vectors differ in a bit with the chance of their angle
divided by π, so the share of differing bits estimates the angle. Of 256 bits its standard error is at most 0.1 radians,
which is also the largest standard error of the estimated cosine.

References:
    Charikar, M. (2002). Similarity estimation techniques from rounding algorithms. STOC 2002, 380–388.
"""

import hashlib
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Sketches: TypeAlias = NDArray[np.uint64]

BITS: Final = 256
BYTES: Final = BITS // 8
UNKNOWN: Final = bytes(BYTES)
"""Stands for a vector that is not known."""
_SEED: Final = b"hyperplanes of sketches"
_COSINES: Final = np.clip(np.cos(np.pi * np.arange(BITS + 1) / BITS), 0.0, 1.0)


def sketch(vectors: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The sketches of vectors of any length above 0.

    Args:
        vectors: Shape (n, d).

    Returns:
        Shape (n, 32). The same on every machine, but for vectors that lie on a hyperplane but for rounding.
    """
    return np.packbits(vectors @ _hyperplanes(vectors.shape[1]) > 0.0, axis=1)


def from_bytes(stored: bytes) -> Sketches:
    """Sketches that stand behind each other, as numbers of 64 bits. Shape (n, 4)."""
    return np.frombuffer(stored, dtype=np.uint64).reshape(-1, BITS // 64)


def are_known(sketches: Sketches) -> NDArray[np.bool_]:
    """Which of the sketches, of shape (n, 4), stand for a vector. Shape (n,).

    Only the first quarter is looked at: that of a vector is zero with a chance of 2 to the power of -64.
    """
    known: NDArray[np.bool_] = sketches[:, 0] != 0
    return known


def estimated_cosines(first: Sketches, second: Sketches) -> NDArray[np.float64]:
    """Estimated cosines, in [0, 1]: what points apart counts as unrelated.

    Args:
        first: Shape (n, 4).
        second: Shape (m, 4).

    Returns:
        Shape (m, n).
    """
    columns, others = np.ascontiguousarray(first.T)[:, np.newaxis], second.T[:, :, np.newaxis]
    differing = np.add.reduce(np.bitwise_count(columns ^ others), axis=0, dtype=np.intp)
    cosines: NDArray[np.float64] = _COSINES.take(differing)
    return cosines


@lru_cache(maxsize=4)
def _hyperplanes(dimension: int) -> NDArray[np.float32]:
    """Normals of ±1, shape (d, 256). From a hash, since stored sketches outlive any generator of random numbers."""
    drawn = np.frombuffer(hashlib.shake_256(_SEED).digest(dimension * BYTES), dtype=np.uint8)
    return 2 * np.unpackbits(drawn).reshape(dimension, BITS).astype(np.float32) - 1
