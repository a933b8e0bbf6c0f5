"""Adaptive tests played by simulated examinees, to measure precision and exposure before a bank is used."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from app.ai.personalization.difficulty_adapter.ability import estimate
from app.ai.personalization.difficulty_adapter.adaptive_testing import Blueprint, Progress, begin, next_question, record
from app.ai.personalization.difficulty_adapter.exposure import EXPOSURE_CAP, under_cap
from app.ai.personalization.difficulty_adapter.item_response import FloatArray, ItemBank, success_probability


@dataclass(frozen=True, slots=True)
class ExamRuns:
    """Outcome of `m` tests of equal length `t` from a bank of `n` questions.

    Attributes:
        ability: True abilities, shape ``(m,)``.
        mean: Estimate after each question, shape ``(m, t)``.
        standard_error: Its standard error, shape ``(m, t)``.
        shown: In how many tests each question appeared, shape ``(n,)``.
    """

    ability: FloatArray
    mean: FloatArray
    standard_error: FloatArray
    shown: NDArray[np.int64]

    def rmse(self, questions: int) -> float:
        """Root mean squared error of the estimate after that many questions, logits."""
        return float(np.sqrt(np.mean((self.mean[:, questions - 1] - self.ability) ** 2)))

    def coverage(self, margin: float = 1.959964) -> float:
        """Share of final intervals, `margin` standard errors to each side, that hold the true ability."""
        return float(np.mean(np.abs(self.mean[:, -1] - self.ability) <= margin * self.standard_error[:, -1]))

    def max_exposure(self) -> float:
        return float(self.shown.max() / self.ability.size)


def draw_normal(size: int, rng: Generator) -> FloatArray:
    """Standard normal values, one from each of `size` equally likely strata, so that figures vary little by seed."""
    strata = (rng.permutation(size) + rng.uniform(0.001, 0.999, size)) / size
    return np.array([NormalDist().inv_cdf(share) for share in strata.tolist()])


def draw_bank(size: int, rng: Generator) -> ItemBank:
    """A plausible two-parameter bank: b ~ N(0, 1), ln a ~ N(0, 0.3²), independent."""
    return ItemBank(np.exp(0.3 * draw_normal(size, rng)), draw_normal(size, rng), np.zeros(size))


def simulate_exams(
    blueprint: Blueprint, ability: FloatArray, rng: Generator, *, length: int = 30, cap: float = EXPOSURE_CAP
) -> ExamRuns:
    """Let each examinee take one test after the other; exposure is counted over all of them.

    Raises:
        ValueError: If the bank is shorter than the test.
    """
    if length > blueprint.bank.size:
        raise ValueError("The bank must hold at least as many questions as a test.")
    shown = np.zeros(blueprint.bank.size, dtype=np.int64)
    mean, error = np.empty((ability.size, length)), np.empty((ability.size, length))
    for examinee, true_ability in enumerate(ability):
        success = success_probability(blueprint.bank, float(true_ability))
        allowed = under_cap(shown, examinee + 1, cap)
        progress = begin()
        for step in range(length):
            progress = _answer_next(blueprint, progress, allowed, success, rng)
            belief = estimate(progress.posterior)
            mean[examinee, step], error[examinee, step] = belief.mean, belief.standard_error
        shown[list(progress.given)] += 1
    return ExamRuns(ability, mean, error, shown)


def _answer_next(
    blueprint: Blueprint, progress: Progress, allowed: NDArray[np.bool_], success: FloatArray, rng: Generator
) -> Progress:
    pick = next_question(blueprint, progress, allowed, rng)
    if pick is None:
        raise ValueError("The bank ran out of questions.")
    return record(blueprint, progress, pick.index, float(rng.random() < success[pick.index]))
