"""Why a question was chosen, as a stable code with parameters and as an English sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FEW_ANSWERS: Final = 30
"""Below this many answers a question's difficulty is still mostly a guess."""
NOTABLE: Final = 0.10
"""A score term below this did not decide anything a student should be told about."""
HARD_BELOW: Final = 0.60
EASY_ABOVE: Final = 0.90


class ReasonCode(StrEnum):
    """Stable names for translation; the parameters of each are the fields of its template."""

    CALIBRATION_NEW = "calibration_new"
    CALIBRATION_CHECK = "calibration_check"
    REVIEW_DUE = "review_due"
    SKILL_NEED = "skill_need"
    UNNAMED_SKILL_NEED = "unnamed_skill_need"
    CHALLENGE = "challenge"
    EASY = "easy"
    RIGHT_LEVEL = "right_level"
    MISTAKE = "mistake"
    PRESCRIBED = "prescribed"
    MEASURES = "measures"


_LIKELY: Final = "about {success_percent} % likely to succeed"
TEMPLATES: Final[Mapping[ReasonCode, str]] = {
    ReasonCode.CALIBRATION_NEW: "Calibration question: helps us measure how hard it is",
    ReasonCode.CALIBRATION_CHECK: "Calibration question: drawn by chance, keeps our difficulty figures fair",
    ReasonCode.REVIEW_DUE: f"Due for review; {_LIKELY}",
    ReasonCode.SKILL_NEED: f"Practises {{skill}}, which you are still learning; {_LIKELY}",
    ReasonCode.UNNAMED_SKILL_NEED: f"Practises a skill you are still learning; {_LIKELY}",
    ReasonCode.CHALLENGE: f"A challenge; {_LIKELY}",
    ReasonCode.EASY: f"An easier one to keep you going; {_LIKELY}",
    ReasonCode.RIGHT_LEVEL: f"Matches your level; {_LIKELY}",
    ReasonCode.MISTAKE: f"You got this wrong before; {_LIKELY}",
    ReasonCode.PRESCRIBED: "Part of the list of this session",
    ReasonCode.MEASURES: "Among the questions that tell most about your level at this point of the test",
}


@dataclass(frozen=True, slots=True)
class Reason:
    code: ReasonCode
    parameters: Mapping[str, str | int]

    @property
    def text(self) -> str:
        return TEMPLATES[self.code].format_map(self.parameters)


def calibration_reason(answers: float) -> Reason:
    """`answers`: how many answers the question's difficulty rests on so far."""
    code = ReasonCode.CALIBRATION_NEW if answers < FEW_ANSWERS else ReasonCode.CALIBRATION_CHECK
    return Reason(code, {"answers": int(answers)})


def practice_reason(terms: Mapping[str, float], predicted: float, skill: str) -> Reason:
    """The reason behind the largest term that speaks for the question.

    Args:
        terms: Weighted score terms by name; reads `due` and `skill_need`.
        predicted: Probability of success, in [0, 1].
        skill: Name of the skill for the reader, or empty when unknown.
    """
    parameters: dict[str, str | int] = {"success_percent": round(100 * predicted)}
    due, need = terms["due"], terms["skill_need"]
    if max(due, need) < NOTABLE:
        return Reason(_level(predicted), parameters)
    if due >= need:
        return Reason(ReasonCode.REVIEW_DUE, parameters)
    if not skill:
        return Reason(ReasonCode.UNNAMED_SKILL_NEED, parameters)
    return Reason(ReasonCode.SKILL_NEED, parameters | {"skill": skill})


def _level(predicted: float) -> ReasonCode:
    if predicted < HARD_BELOW:
        return ReasonCode.CHALLENGE
    return ReasonCode.EASY if predicted > EASY_ABOVE else ReasonCode.RIGHT_LEVEL
