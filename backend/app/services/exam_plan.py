"""What a placement or an exam was started with; stored with its session."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from app.ai.personalization.difficulty_adapter.stopping import Classification, StopRule

USUAL_LENGTH: Final = 30


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """`prior` is the mean and deviation of the ability before the first answer, `cut` the pass mark in logits.

    `shares` are wanted shares by skill, empty = as in the bank; `resting` are questions that too many tests had when
    this one began. Times are in seconds; `extra_share` lengthens the limit for this student, `extra_s` was added by
    hand.
    """

    prior: tuple[float, float]
    most: int
    least: int
    standard_error: float | None
    pass_mark: float | None
    cut: float | None
    shares: Mapping[str, float]
    resting: Sequence[str]
    limit_s: int | None
    extra_share: float
    extra_s: int = 0

    @property
    def time_s(self) -> float | None:
        return None if self.limit_s is None else self.limit_s * (1.0 + self.extra_share) + self.extra_s

    @property
    def stop_rule(self) -> StopRule:
        classification = None if self.cut is None else Classification(self.cut)
        return StopRule(self.most, min(self.least, self.most), self.standard_error, classification)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        prior = stored["prior"]
        return cls(**{**stored, "prior": (float(prior[0]), float(prior[1]))})
