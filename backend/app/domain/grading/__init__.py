"""Grading is pure: the same content, key, response and seed always give the same grade."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Literal

from app.domain.enums import GradeState, QuestionType
from app.domain.grading.choices import grade_choice, grade_multiple, right_choice, right_choices
from app.domain.grading.result import Grade
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response

__all__ = ["Grade", "correct_response", "grade"]

_Grader = Callable[[QuestionContent, QuestionKey, Response], Grade]
_Solver = Callable[[QuestionContent, QuestionKey], Response | None]

_FAMILIES: Final[Mapping[QuestionType, tuple[_Grader, _Solver]]] = {
    QuestionType.SINGLE_CHOICE: (grade_choice, right_choice),
    QuestionType.TRUE_FALSE: (grade_choice, right_choice),
    QuestionType.MULTIPLE_RESPONSE: (grade_multiple, right_choices),
}
_FEEDBACK: Final[Mapping[GradeState, Literal["correct", "partial", "incorrect"]]] = {
    GradeState.RIGHT: "correct",
    GradeState.PARTIAL: "partial",
    GradeState.WRONG: "incorrect",
}


def grade(content: QuestionContent, key: QuestionKey, response: Response) -> Grade:
    """Grade one response."""
    result = _FAMILIES[content.type][0](content, key, response)
    return _with_general_feedback(result, key) if key.feedback else result


def correct_response(content: QuestionContent, key: QuestionKey) -> Response | None:
    """A response that gets full marks, or None where there is none."""
    candidate = _FAMILIES[content.type][1](content, key)
    if candidate is None or grade(content, key, candidate).state is not GradeState.RIGHT:
        return None
    return candidate


def _with_general_feedback(result: Grade, key: QuestionKey) -> Grade:
    name = _FEEDBACK.get(result.state)
    general = key.feedback.get(name, "") if name else ""
    return replace(result, feedback=(*result.feedback, general)) if general else result
