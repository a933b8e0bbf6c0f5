"""Comparing unit vectors, and putting rankings together.

References:
    Cormack, G., Clarke, C., Buettcher, S. (2009). Reciprocal rank fusion outperforms Condorcet and individual rank
    learning methods.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32]
IntArray: TypeAlias = NDArray[np.intp]
Key = TypeVar("Key", bound=Hashable)

FUSION_CONSTANT: Final = 60
_BLOCK: Final = 1024


@dataclass(frozen=True, slots=True)
class Fused(Generic[Key]):
    """A thing with its score and its rank (from 1) in each ranking that has it."""

    key: Key
    score: float
    ranks: Mapping[str, int]


def nearest(query: FloatArray, vectors: FloatArray, count: int) -> tuple[IntArray, FloatArray]:
    """Rows with the highest cosine, best first, and these cosines; equal ones in the order of the rows.

    Args:
        query: A unit vector. Shape (d,).
        vectors: Unit vectors. Shape (n, d).
        count: How many rows to return at most.
    """
    cosines: FloatArray = vectors @ query
    if count < len(cosines):
        best = np.argpartition(-cosines, count)[:count]
        rows = best[np.lexsort((best, -cosines[best]))]
    else:
        rows = np.argsort(-cosines, kind="stable")
    return rows, cosines[rows]


def similar_pairs(vectors: FloatArray, threshold: float) -> Iterator[tuple[int, int, float]]:
    """All pairs of rows i < j whose cosine reaches the threshold, block by block: n² time, little memory.

    Args:
        vectors: Unit vectors. Shape (n, d).
        threshold: Smallest cosine.
    """
    for start in range(0, len(vectors), _BLOCK):
        block = vectors[start : start + _BLOCK]
        cosines = block @ vectors[start:].T
        rows, columns = np.nonzero(cosines >= threshold)
        upper = columns > rows
        for row, column in zip(rows[upper].tolist(), columns[upper].tolist(), strict=True):
            yield start + row, start + column, float(cosines[row, column])


def fuse_rankings(rankings: Mapping[str, Sequence[Key]], constant: int = FUSION_CONSTANT) -> list[Fused[Key]]:
    """One ranking of several: each thing scores the sum of 1 / (constant + rank) over the rankings that have it.

    Ties are broken by the best single rank, then by the order of the rankings.
    """
    ranks: dict[Key, dict[str, int]] = {}
    for name, ranking in rankings.items():
        for rank, key in enumerate(ranking, start=1):
            ranks.setdefault(key, {}).setdefault(name, rank)
    fused = [Fused(key, sum(1.0 / (constant + rank) for rank in of.values()), of) for key, of in ranks.items()]
    return sorted(fused, key=lambda each: (-each.score, min(each.ranks.values())))
