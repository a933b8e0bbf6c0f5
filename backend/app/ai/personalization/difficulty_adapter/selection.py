"""Choosing the next practice question: near-greedy with a propensity known exactly, plus random calibration slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from app.ai.personalization.difficulty_adapter.reasons import ReasonCode, calibration_reason, practice_reason
from app.ai.personalization.difficulty_adapter.target import Target
from app.domain.enums import AssignmentKind

FloatArray = NDArray[np.float64]

POLICY_VERSION: Final = "practice-2"
"""Changes whenever a weight or the rule below changes; stored with every shown question."""
TERMS: Final = ("closeness", "skill_need", "due", "exposure", "variety")
WEIGHTS: Final = np.array([-1.0, 0.5, 0.6, -0.3, -0.3])
CLOSENESS_UNIT: Final = 0.05
"""Distance from the aimed probability that costs as much as the full weight of `closeness`."""
SHORTLIST: Final = 8
TEMPERATURE: Final = 0.2
MOST_EASED_AIM: Final = 0.95
LEAST_EASED_AIM: Final = 0.50


@dataclass(frozen=True, slots=True)
class Candidates:
    """Questions that may be shown next. All arrays have shape ``(n,)``.

    Attributes:
        probability: Predicted chance of success, in (0, 1).
        difficulty: Question difficulty, logits.
        answers: How many answers the difficulty rests on.
        skill_need: How much the skill needs practice, in [0, 1]: low mastery, high uncertainty, next on the path.
        due: How urgent a review of this question is, in [0, 1]; 0 when none is due.
        exposure: How much or how lately it was shown, in [0, 1]; 0 when never.
        repetition: How much it repeats the last questions, by skill and meaning, in [0, 1].
        skill_names: For the reason shown to the student; one a question, or none at all.
    """

    probability: FloatArray
    difficulty: FloatArray
    answers: FloatArray
    skill_need: FloatArray
    due: FloatArray
    exposure: FloatArray
    repetition: FloatArray
    skill_names: Sequence[str] = ()

    def __post_init__(self) -> None:
        shape = self.probability.shape
        others = (self.difficulty, self.answers, self.skill_need, self.due, self.exposure, self.repetition)
        if len(shape) != 1 or any(array.shape != shape for array in others):
            raise ValueError("All candidate arrays must have the same shape (n,).")
        if len(self.skill_names) not in (0, shape[0]):
            raise ValueError("Give one skill name a candidate, or none.")


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen question with everything later statistics need.

    Attributes:
        index: Position among the candidates.
        kind: `calibration`, `review` (a review of this question was due) or `adaptive`.
        propensity: Probability with which the whole policy chooses this question here, both branches together.
        terms: Weighted score terms of the question by name; their sum is its score.
        predicted: Chance of success at the moment of choosing.
        reason: English sentence for the student.
        reason_code: The same for translation, filled with `reason_parameters`.
    """

    index: int
    kind: AssignmentKind
    propensity: float
    terms: Mapping[str, float]
    predicted: float
    reason: str
    reason_code: ReasonCode
    reason_parameters: Mapping[str, str | int]


def choose(candidates: Candidates, target: Target, rng: Generator, *, calibration_share: float = 0.10) -> Choice:
    """Choose one question; draws exactly one number from `rng`.

    With probability `calibration_share` every candidate is equally likely; such answers calibrate questions without
    the bias of adaptive choice. Otherwise the best-scored few share the rest by softmax (a randomesque rule after
    Kingsbury & Zara, 1989), so no question is certain and every propensity is at least ``calibration_share / n``.

    Raises:
        ValueError: Without candidates, with a share outside [0, 1], or with values that are not numbers.
    """
    if not 0.0 <= calibration_share <= 1.0:
        raise ValueError(f"The calibration share must lie in [0, 1], not {calibration_share}.")
    if candidates.probability.size == 0:
        raise ValueError("There is no question to choose from.")
    terms = score_terms(candidates, working_aim(candidates.probability, target.success, calibration_share))
    shortlist, chances = shortlist_policy(terms.sum(axis=0))
    index, is_calibration = _draw(rng.random(), calibration_share, terms.shape[1], (shortlist, chances))
    greedy_chance = float(chances[shortlist == index].sum())
    propensity = calibration_share / terms.shape[1] + (1.0 - calibration_share) * greedy_chance
    named_terms = dict(zip(TERMS, terms[:, index].tolist(), strict=True))
    return _describe(candidates, index, named_terms, propensity, is_calibration=is_calibration)


def working_aim(probability: FloatArray, success: float, calibration_share: float) -> float:
    """Success to aim at in adaptive slots so that adaptive and calibration slots together meet `success`."""
    if calibration_share == 1.0:
        return success
    drawn_by_chance = calibration_share * float(probability.mean())
    aim = (success - drawn_by_chance) / (1.0 - calibration_share)
    return min(max(aim, LEAST_EASED_AIM), MOST_EASED_AIM)


def score_terms(candidates: Candidates, aim: float) -> FloatArray:
    """Weighted terms, shape ``(5, n)`` in the order of `TERMS`; a question's score is the sum of its column."""
    terms = np.empty((len(TERMS), candidates.probability.size))
    np.subtract(candidates.probability, aim, out=terms[0])
    np.abs(terms[0], out=terms[0])
    terms[0] /= CLOSENESS_UNIT
    terms[1] = candidates.skill_need
    terms[2] = candidates.due
    terms[3] = candidates.exposure
    terms[4] = candidates.repetition
    terms *= WEIGHTS[:, np.newaxis]
    return terms


def shortlist_policy(scores: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
    """The best questions and the chance of each in an adaptive slot; both of shape ``(min(n, 8),)``.

    Raises:
        ValueError: If `scores` holds a NaN.
    """
    cut = scores.size - SHORTLIST
    best = np.argpartition(scores, cut)[cut:] if cut > 0 else np.arange(scores.size)
    weights = np.exp((scores[best] - scores[best].max()) / TEMPERATURE)
    total = float(weights.sum())
    if not np.isfinite(total):
        raise ValueError("Candidate values must be finite numbers.")
    return best, weights / total


def _draw(
    uniform: float, calibration_share: float, count: int, policy: tuple[NDArray[np.intp], FloatArray]
) -> tuple[int, bool]:
    """Index and whether it is a calibration slot; one number decides both, its two parts being independent."""
    if uniform < calibration_share:
        return int(uniform / calibration_share * count), True
    shortlist, chances = policy
    rest = (uniform - calibration_share) / (1.0 - calibration_share)
    return int(shortlist[np.searchsorted(chances.cumsum()[:-1], rest, side="right")]), False


def _describe(
    candidates: Candidates, index: int, terms: dict[str, float], propensity: float, *, is_calibration: bool
) -> Choice:
    predicted = float(candidates.probability[index])
    if is_calibration:
        kind, reason = AssignmentKind.CALIBRATION, calibration_reason(float(candidates.answers[index]))
    else:
        kind = AssignmentKind.REVIEW if candidates.due[index] > 0.0 else AssignmentKind.ADAPTIVE
        skill = candidates.skill_names[index] if candidates.skill_names else ""
        reason = practice_reason(terms, predicted, skill)
    return Choice(index, kind, propensity, terms, predicted, reason.text, reason.code, reason.parameters)
