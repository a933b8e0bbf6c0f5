"""Groups of texts that are about one thing, and words that name them.

References:
    Dhillon, I., Modha, D. (2001). Concept decompositions for large sparse text data using clustering (spherical
        k-means).
    Arthur, D., Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding.
    Grootendorst, M. (2022). BERTopic: neural topic modeling with a class-based TF-IDF procedure.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float32]
IntArray: TypeAlias = NDArray[np.intp]

ITERATIONS: Final = 30
SAMPLE: Final = 5_000
"""Centres are found on at most so many texts; the others only join them."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """`members[k]` are the rows of cluster k, nearest to its centre first; `cohesion[k]` their mean cosine with it."""

    members: list[IntArray]
    cohesion: list[float]


def cluster_number(texts: int) -> int:
    """How many groups a bank of so many texts is divided into: half the square root, from 2 to 60."""
    return max(2, min(60, round(math.sqrt(texts) / 2)))


def cluster(vectors: FloatArray, number: int, rng: Generator, least: int = 5) -> Clusters:
    """Spherical k-means; groups with fewer than `least` members are left out, so texts may belong to none.

    Args:
        vectors: Unit vectors. Shape (n, d).
        number: Groups that are tried for.
        rng: Draws the first centres.
        least: Members that a group needs.
    """
    if len(vectors) == 0:
        return Clusters([], [])
    sample = vectors if len(vectors) <= SAMPLE else vectors[rng.choice(len(vectors), SAMPLE, replace=False)]
    centres = _first_centres(sample, min(number, len(sample)), rng)
    for _ in range(ITERATIONS):
        moved = _moved(sample, centres)
        if np.allclose(moved, centres, atol=1e-5):
            break
        centres = moved
    return _gathered(vectors, centres, least)


def label(
    words: Sequence[Sequence[str]], groups: Sequence[IntArray], count: int, stop: Collection[str]
) -> list[list[str]]:
    """The words that are frequent in each group and rare in the others, best first.

    Args:
        words: Words of each text.
        groups: Rows of each group.
        count: Words for each group.
        stop: Words that name nothing.
    """
    inside = [Counter(word for row in group for word in set(words[row]) - set(stop)) for group in groups]
    total = Counter[str]()
    for counts in inside:
        total.update(counts)
    average = sum(total.values()) / max(1, len(groups))
    return [_best(counts, total, average, count) for counts in inside]


def _best(inside: Counter[str], total: Counter[str], average: float, count: int) -> list[str]:
    size = max(1, sum(inside.values()))
    scores = {
        word: n / size * math.log1p(average / total[word]) for word, n in inside.items() if n > 1 or size < average
    }
    return sorted(scores, key=lambda word: (-scores[word], word))[:count]


def _first_centres(vectors: FloatArray, number: int, rng: Generator) -> FloatArray:
    """Far from each other, by k-means++."""
    chosen = [int(rng.integers(len(vectors)))]
    distance = 1.0 - vectors @ vectors[chosen[0]]
    while len(chosen) < number:
        weights = np.maximum(distance, 0.0).astype(np.float64) ** 2
        if weights.sum() == 0.0:
            break
        chosen.append(int(rng.choice(len(vectors), p=weights / weights.sum())))
        distance = np.minimum(distance, 1.0 - vectors @ vectors[chosen[-1]])
    return vectors[chosen]


def _moved(vectors: FloatArray, centres: FloatArray) -> FloatArray:
    nearest = (vectors @ centres.T).argmax(axis=1)
    sums = np.zeros_like(centres)
    np.add.at(sums, nearest, vectors)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    moved: FloatArray = np.where(lengths > 0.0, sums / np.where(lengths > 0.0, lengths, 1.0), centres)
    return moved


def _gathered(vectors: FloatArray, centres: FloatArray, least: int) -> Clusters:
    cosines = vectors @ centres.T
    nearest, closeness = cosines.argmax(axis=1), cosines.max(axis=1)
    members, cohesion = [], []
    for at in range(len(centres)):
        rows = np.flatnonzero(nearest == at)
        if len(rows) >= least:
            members.append(rows[np.argsort(-closeness[rows], kind="stable")])
            cohesion.append(float(closeness[rows].mean()))
    order = sorted(range(len(members)), key=lambda at: -len(members[at]))
    return Clusters([members[at] for at in order], [cohesion[at] for at in order])
