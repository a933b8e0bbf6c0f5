"""Placement tests and exams: the most informative question at the present ability, shared out and balanced.

References:
    van der Linden, W. J., & Glas, C. A. W. (Eds.) (2010). Elements of Adaptive Testing. Springer.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from app.ai.personalization.difficulty_adapter.ability import AbilityPosterior, estimate, observe, start_ability
from app.ai.personalization.difficulty_adapter.content_balance import ContentPlan, next_area
from app.ai.personalization.difficulty_adapter.item_response import ItemBank, information

RANDOMESQUE: Final = 5


@dataclass(frozen=True, slots=True)
class Blueprint:
    """What a test is made of."""

    bank: ItemBank
    content: ContentPlan | None = None
    randomesque: int = RANDOMESQUE

    def __post_init__(self) -> None:
        if self.randomesque < 1:
            raise ValueError("At least one question must be in the draw.")
        if self.content is not None and self.content.area.shape != self.bank.difficulty.shape:
            raise ValueError("The content plan must name one area a question.")


@dataclass(frozen=True, slots=True)
class Progress:
    """One student's test so far: question indices in the order given, and what the scores say."""

    posterior: AbilityPosterior
    given: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """The next question, its exact chance of being picked, and its Fisher information at the present ability."""

    index: int
    propensity: float
    information: float


def begin() -> Progress:
    """A test of a student nothing is known about; build `Progress` with another prior where something is."""
    return Progress(start_ability())


def record(blueprint: Blueprint, progress: Progress, index: int, score: float) -> Progress:
    """The test after question `index` was scored in [0, 1]."""
    posterior = observe(progress.posterior, blueprint.bank, index, score)
    return replace(progress, posterior=posterior, given=(*progress.given, index))


def next_question(
    blueprint: Blueprint, progress: Progress, under_cap: NDArray[np.bool_], rng: Generator
) -> Pick | None:
    """One of the most informative allowed questions, each equally likely (randomesque, Kingsbury & Zara 1989).

    Args:
        blueprint: Bank, quotas and size of the draw.
        progress: The student's test so far.
        under_cap: Questions below the exposure cap, shape ``(n,)``. When none of them is left the cap yields, since a
            running test has to go on.
        rng: Draws one number.

    Returns:
        The pick, or None when every question of the bank was given.
    """
    allowed = _allowed(blueprint, progress, under_cap)
    if allowed.size == 0:
        return None
    gain = information(blueprint.bank, estimate(progress.posterior).mean)[allowed]
    draw = min(blueprint.randomesque, allowed.size)
    best = np.argpartition(gain, gain.size - draw)[gain.size - draw :]
    chosen = best[rng.integers(draw)]
    return Pick(int(allowed[chosen]), 1.0 / draw, float(gain[chosen]))


def _allowed(blueprint: Blueprint, progress: Progress, under_cap: NDArray[np.bool_]) -> NDArray[np.int64]:
    given = np.array(progress.given, dtype=np.int64)
    unused = np.ones(blueprint.bank.size, dtype=np.bool_)
    unused[given] = False
    allowed = unused & under_cap
    if not allowed.any():
        allowed = unused
    if blueprint.content is not None and (area := next_area(blueprint.content, given, allowed)) is not None:
        allowed &= blueprint.content.area == area
    return np.flatnonzero(allowed)
