"""What an ability means for people: the share of a bank's questions that somebody of it solves."""

from dataclasses import dataclass
from typing import Final

from app.ai.personalization.difficulty_adapter.ability import AbilityEstimate
from app.ai.personalization.difficulty_adapter.item_response import ItemBank, success_probability

LOWEST: Final = -4.0
HIGHEST: Final = 4.0
HALVINGS: Final = 40


@dataclass(frozen=True, slots=True)
class ExpectedSuccess:
    """Share of the bank that is expected right, in [0, 1], with its 95 % interval."""

    success: float
    low: float
    high: float


def expected_success(bank: ItemBank, ability: float) -> float:
    """Test characteristic of the bank: the mean chance of success over its questions.

    Raises:
        ValueError: For an empty bank.
    """
    if bank.size == 0:
        raise ValueError("A bank without questions has no expected success.")
    return float(success_probability(bank, ability).mean())


def success_interval(bank: ItemBank, belief: AbilityEstimate) -> ExpectedSuccess:
    """The interval of the ability carried over; expected success rises with ability, so its ends stay the ends."""
    low, high = belief.interval
    return ExpectedSuccess(
        expected_success(bank, belief.mean), expected_success(bank, low), expected_success(bank, high)
    )


def ability_for_success(bank: ItemBank, success: float) -> float:
    """The ability that is expected to solve this share of the bank, by bisection on [-4, 4], logits.

    A share outside what that range can reach gives the nearer end.
    """
    low, high = LOWEST, HIGHEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if expected_success(bank, middle) < success else (low, middle)
    return (low + high) / 2
