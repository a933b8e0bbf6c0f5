"""How much a question would repeat the last ones, by skill and by meaning."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.ai.utils.sketches import Sketches, estimated_cosines

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Topics:
    """What n questions are about.

    Attributes:
        skills: Number of the skill of each. Shape (n,).
        sketches: Sketches of their meaning, zeros where it is not known. Shape (4, n).
    """

    skills: NDArray[np.intp]
    sketches: Sketches


def repetition(candidates: Topics, latest: Topics, no_skill: int) -> FloatArray:
    """The largest likeness to one of the latest questions, which fades with its age: 1, 1/2, 1/3, ...

    Likeness is half the same skill and half the estimated cosine of the meanings, and the skill alone where one of the
    meanings is not known.

    Args:
        candidates: n questions.
        latest: m questions, the last one first.
        no_skill: The number of those without a skill, who share none.

    Returns:
        Values in [0, 1]. Shape (n,).
    """
    count = latest.skills.size
    if count == 0:
        return np.zeros(candidates.skills.size)
    skills = latest.skills[:, np.newaxis]
    same = (candidates.skills == skills) & (skills != no_skill)
    of_candidates, of_latest = candidates.sketches[:, np.newaxis], latest.sketches[:, :, np.newaxis]
    cosines = estimated_cosines(of_candidates, of_latest)
    are_known = of_candidates.any(axis=0) & of_latest.any(axis=0)
    likeness = np.where(are_known, 0.5 * (same + cosines), same)
    largest: FloatArray = (likeness / np.arange(1, count + 1)[:, np.newaxis]).max(axis=0)
    return largest
