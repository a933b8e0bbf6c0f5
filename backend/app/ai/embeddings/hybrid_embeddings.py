"""One likeness of questions out of the likenesses of their parts.

Parts are joined, not added: the cosine of two joined vectors is the weighted mean of the cosines of their parts, so
that parts of different models and dimensions go together.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from app.ai.embeddings.vectors import FloatArray, normalised

WEIGHTS: Final[Mapping[str, float]] = MappingProxyType({"stem": 0.65, "options": 0.2, "image": 0.15})


def fuse(parts: Mapping[str, FloatArray], weights: Mapping[str, float] = WEIGHTS) -> FloatArray:
    """Joined unit vectors of n questions.

    Args:
        parts: For each part the unit vectors of all questions, shape (n, d of the part); zeros where a question lacks
            the part, whose weight then goes to the parts it has.
        weights: Share of each part in the likeness.

    Returns:
        Shape (n, sum of all d).

    Raises:
        ValueError: There is no part, one has no weight, or their numbers of questions differ.
    """
    if not parts or not parts.keys() <= weights.keys():
        raise ValueError("every part needs a weight, and there is one at least")
    if len({len(vectors) for vectors in parts.values()}) != 1:
        raise ValueError("every part needs a row for each question")
    scaled = [np.sqrt(weights[name]) * vectors for name, vectors in parts.items()]
    return normalised(np.concatenate(scaled, axis=1))
