"""Grading is pure: the same content, key, response and seed always give the same grade."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, Literal, NamedTuple

from app.domain.enums import GradeState, QuestionType
from app.domain.grading.choices import grade_choice, grade_multiple, solve_choice, solve_multiple
from app.domain.grading.cloze import grade_cloze, solve_cloze
from app.domain.grading.hotspot import grade_hotspot, solve_hotspot
from app.domain.grading.matching import grade_matching, solve_matching
from app.domain.grading.numerical import grade_numerical, solve_numerical
from app.domain.grading.ordering import grade_ordering, solve_ordering
from app.domain.grading.result import Grade, invalid
from app.domain.grading.texts import grade_short_answer, solve_short_answer
from app.domain.grading.ungraded import (
    grade_description,
    grade_essay,
    grade_flashcard,
    solve_description,
    solve_essay,
    solve_flashcard,
)
from app.domain.parametric import ParametricError, drawn_numeric
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response

__all__ = ["Grade", "correct_response", "drawn_key", "grade"]


class _Family(NamedTuple):
    """``solve`` proposes a response for full marks; the grade decides whether it gets them."""

    grade: Callable[[QuestionContent, QuestionKey, Response], Grade]
    solve: Callable[[QuestionContent, QuestionKey], Response | None]


_FAMILIES: Final[Mapping[QuestionType, _Family]] = {
    QuestionType.SINGLE_CHOICE: _Family(grade_choice, solve_choice),
    QuestionType.TRUE_FALSE: _Family(grade_choice, solve_choice),
    QuestionType.MULTIPLE_RESPONSE: _Family(grade_multiple, solve_multiple),
    QuestionType.SHORT_ANSWER: _Family(grade_short_answer, solve_short_answer),
    QuestionType.NUMERICAL: _Family(grade_numerical, solve_numerical),
    QuestionType.PARAMETRIC: _Family(grade_numerical, solve_numerical),
    QuestionType.MATCHING: _Family(grade_matching, solve_matching),
    QuestionType.ORDERING: _Family(grade_ordering, solve_ordering),
    QuestionType.CLOZE: _Family(grade_cloze, solve_cloze),
    QuestionType.HOTSPOT: _Family(grade_hotspot, solve_hotspot),
    QuestionType.ESSAY: _Family(grade_essay, solve_essay),
    QuestionType.FLASHCARD: _Family(grade_flashcard, solve_flashcard),
    QuestionType.DESCRIPTION: _Family(grade_description, solve_description),
}
_FEEDBACK: Final[Mapping[GradeState, Literal["correct", "partial", "incorrect"]]] = {
    GradeState.RIGHT: "correct",
    GradeState.PARTIAL: "partial",
    GradeState.WRONG: "incorrect",
}


def grade(content: QuestionContent, key: QuestionKey, response: Response, *, seed: int | None = None) -> Grade:
    """Grade one response; what is empty, unreadable or foreign is invalid, and no response raises.

    ``seed`` is the one the question was shown with.

    Raises:
        ValueError: For a parametric question without a seed.
    """
    if (response.text or response.gaps) and (refusal := _refusal(response)):
        return invalid(refusal)
    try:
        key = drawn_key(content, key, seed)
    except ParametricError:
        return invalid("This question cannot be computed; please report it.")
    result = _FAMILIES[content.type].grade(content, key, response)
    return _with_general_feedback(result, key) if key.feedback else result


def correct_response(content: QuestionContent, key: QuestionKey, seed: int | None = None) -> Response | None:
    """A response that gets full marks, or None where there is none.

    Raises:
        ValueError: For a parametric question without a seed.
    """
    try:
        key = drawn_key(content, key, seed)
    except ParametricError:
        return None
    candidate = _FAMILIES[content.type].solve(content, key)
    if candidate is None or grade(content, key, candidate, seed=seed).state is not GradeState.RIGHT:
        return None
    return candidate


def drawn_key(content: QuestionContent, key: QuestionKey, seed: int | None) -> QuestionKey:
    """The key with the number of a parametric question as shown with this seed; other keys as they are."""
    if content.type is not QuestionType.PARAMETRIC or key.parametric is None:
        return key
    if seed is None:
        raise ValueError("A parametric question needs the seed it was shown with.")
    return key.model_copy(update={"numeric": drawn_numeric(key.parametric, seed)})


def _refusal(response: Response) -> str:
    """Why a text can neither be stored nor compared; the edge of the application refuses it too."""
    gaps = response.gaps or {}
    texts = "".join([response.text or "", *gaps, *gaps.values()])
    if "\0" in texts:
        return "The answer holds a NUL character."
    try:
        texts.encode()
    except UnicodeEncodeError:
        return "The answer holds half of a character (a lone surrogate)."
    return ""


def _with_general_feedback(result: Grade, key: QuestionKey) -> Grade:
    name = _FEEDBACK.get(result.state)
    general = key.feedback.get(name, "") if name else ""
    return replace(result, feedback=(*result.feedback, general)) if general else result
