"""Two- and three-parameter logistic item response model in the logistic metric (no 1.7 constant)."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ItemBank:
    """Calibrated questions; every array has shape ``(n,)``.

    Attributes:
        discrimination: Slope a > 0, per logit; ones make the bank a Rasch bank.
        difficulty: Location b, logits.
        guessing: Lower asymptote c in [0, 1); zeros make the bank two-parametric.

    Raises:
        ValueError: On construction, when shapes differ or a value is outside its range or not a number.
    """

    discrimination: FloatArray
    difficulty: FloatArray
    guessing: FloatArray

    def __post_init__(self) -> None:
        arrays = (self.discrimination, self.difficulty, self.guessing)
        if self.difficulty.ndim != 1 or any(array.shape != self.difficulty.shape for array in arrays):
            raise ValueError("All arrays of an item bank must have the same shape (n,).")
        if not all(np.isfinite(array).all() for array in arrays):
            raise ValueError("Item parameters must be finite numbers.")
        if not ((self.discrimination > 0).all() and (self.guessing >= 0).all() and (self.guessing < 1).all()):
            raise ValueError("Discrimination must be positive and guessing in [0, 1).")

    @property
    def size(self) -> int:
        return self.difficulty.size


def rasch_bank(difficulty: FloatArray) -> ItemBank:
    """A bank whose questions differ in difficulty only."""
    return ItemBank(np.ones_like(difficulty), difficulty, np.zeros_like(difficulty))


def success_probability(bank: ItemBank, ability: float) -> FloatArray:
    r"""$P_i(\theta) = c_i + (1 - c_i) / (1 + e^{-a_i (\theta - b_i)})$, shape ``(n,)``.

    References:
        Lord, F. M. (1980). Applications of Item Response Theory to Practical Testing Problems. Erlbaum.
    """
    return bank.guessing + (1.0 - bank.guessing) * _logistic(bank.discrimination * (ability - bank.difficulty))


def information(bank: ItemBank, ability: float) -> FloatArray:
    r"""Fisher information $a_i^2 \, (1 - P_i) (P_i - c_i)^2 / (P_i (1 - c_i)^2)$ of each question, shape ``(n,)``.

    References:
        Lord, F. M. (1980), equation 5-9 for the three-parameter model.
    """
    known = _logistic(bank.discrimination * (ability - bank.difficulty))
    right = bank.guessing + (1.0 - bank.guessing) * known
    # With P - c = (1 - c) K and 1 - P = (1 - c)(1 - K) the ratio reduces to a form without a division by zero.
    return bank.discrimination**2 * known**2 * (1.0 - bank.guessing) * (1.0 - known) / np.maximum(right, 1e-300)


def _logistic(value: FloatArray) -> FloatArray:
    return 0.5 * (1.0 + np.tanh(0.5 * value))
