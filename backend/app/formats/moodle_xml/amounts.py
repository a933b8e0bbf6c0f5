"""Weights, numbers and texts of a key as Moodle writes them.

Moodle passes over attributes that it does not know. What its elements cannot say stands in such attributes, so that
our reader gets it back.
"""

from collections.abc import Mapping

from app.domain.numbers import format_number
from app.domain.question_draft import Answer, MatchKind, NumericAnswer, ToleranceKind

# Moodle only accepts its own list of grades, which has five decimals.
_PERCENT_DIGITS = 5


def percent(weight: float) -> str:
    return format_number(round(weight * 100, _PERCENT_DIGITS))


def pattern_of(accepted: Answer) -> str:
    """The value with a backslash before each star that stands for itself."""
    return accepted.value if accepted.match is MatchKind.WILDCARD else accepted.value.replace("*", "\\*")


def match_attributes(accepted: Answer) -> dict[str, str]:
    found = {"typos": str(accepted.typo_tolerance)} if accepted.typo_tolerance else {}
    return found | ({"match": accepted.match.value} if accepted.match is MatchKind.PATTERN else {})


def with_match_attributes(accepted: Answer, attributes: Mapping[str, str]) -> Answer:
    """Raises `ValidationError` for attributes that are not ours."""
    changes: dict[str, object] = {}
    if "typos" in attributes:
        changes["typo_tolerance"] = attributes["typos"]
    if attributes.get("match") == MatchKind.PATTERN:
        changes["match"] = MatchKind.PATTERN
    return Answer.model_validate({**accepted.__dict__, **changes}) if changes else accepted


def tolerance_attributes(answer: NumericAnswer) -> dict[str, str]:
    if answer.kind is ToleranceKind.ABSOLUTE:
        return {}
    ends = {"low": answer.low, "high": answer.high} if answer.kind is ToleranceKind.RANGE else {}
    amounts = {"amount": answer.tolerance, **ends}
    return {"kind": answer.kind.value} | {
        name: format_number(amount) for name, amount in amounts.items() if amount is not None
    }


def with_tolerance_attributes(answer: NumericAnswer, attributes: Mapping[str, str]) -> NumericAnswer:
    """Raises `ValidationError` for attributes that are not ours."""
    if "kind" not in attributes:
        return answer
    changes = {"kind": attributes["kind"], "tolerance": attributes.get("amount", 0)}
    changes |= {name: attributes[name] for name in ("low", "high") if name in attributes}
    return NumericAnswer.model_validate({**answer.__dict__, **changes})
