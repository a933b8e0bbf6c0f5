"""How much a question would repeat the last ones, by skill and by meaning."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from app.ai.utils.sketches import Sketches, are_known, estimated_cosines

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

LATEST: Final = 3
"""Questions that another may repeat."""
_HALF_FADING: Final = 0.5 / np.arange(1, LATEST + 1)[:, np.newaxis]


@dataclass(frozen=True, slots=True)
class Topics:
    """What n questions are about.

    Attributes:
        skills: Number of the skill of each; those without one have different numbers below 0. Shape (n,).
        sketches: Sketches of their meaning, zeros where it is not known. Shape (n, 4).
    """

    skills: IntArray
    sketches: Sketches

    @classmethod
    def of(cls, skills: IntArray, no_skill: int, sketches: Sketches) -> Self:
        """The topics of a bank in which `no_skill` stands for none."""
        return cls(np.where(skills == no_skill, -1 - np.arange(skills.size), skills), sketches)

    def at(self, places: IntArray) -> Self:
        return type(self)(self.skills.take(places), self.sketches.take(places, axis=0))


def repetition(candidates: Topics, latest: Topics) -> FloatArray:
    """The largest likeness to one of the latest questions, which fades with its age: 1, 1/2, 1/3.

    Likeness is half the same skill and half the estimated cosine of the meanings, and the skill alone where one of the
    meanings is not known.

    Args:
        candidates: n questions.
        latest: At most 3 questions of the same bank, the last one first.

    Returns:
        Values in [0, 1]. Shape (n,).
    """
    if latest.skills.size == 0:
        return np.zeros(candidates.skills.size)
    same = candidates.skills == latest.skills[:, np.newaxis]
    cosines = estimated_cosines(candidates.sketches, latest.sketches)
    know_both = are_known(candidates.sketches) & are_known(latest.sketches)[:, np.newaxis]
    twice = same + np.where(know_both, cosines, same)
    largest: FloatArray = np.maximum.reduce(twice * _HALF_FADING[: latest.skills.size], axis=0)
    return largest
