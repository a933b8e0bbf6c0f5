"""Cloze: each blank is graded for itself and counts by its weight."""

from app.domain.grading.numerical import grade_number, right_number
from app.domain.grading.result import FOREIGN, Grade, graded, invalid, shown_feedback
from app.domain.grading.texts import grade_text, right_text
from app.domain.question_draft import Numeric
from app.domain.question_parts import GapKey, QuestionContent, QuestionKey
from app.domain.responses import Response


def grade_cloze(content: QuestionContent, key: QuestionKey, response: Response) -> Grade:
    """Blanks left open count as wrong unless all are; one that cannot be read makes the response invalid."""
    given = {gap_id: text for gap_id, text in (response.gaps or {}).items() if text.strip()}
    if not given:
        return invalid("Fill in at least one blank.")
    keys = {gap.id: gap for gap in key.gaps}
    if not given.keys() <= keys.keys():
        return invalid(FOREIGN)
    grades = {
        gap_id: grade_gap(gap, given[gap_id], content.language) for gap_id, gap in keys.items() if gap_id in given
    }
    for place, gap in enumerate(key.gaps, start=1):
        if gap.id in grades and grades[gap.id].is_invalid:
            return invalid(f"Blank {place}: {grades[gap.id].message}")
    parts = {gap_id: grades[gap_id].fraction if gap_id in grades else 0.0 for gap_id in keys}
    earned = sum(gap.weight * parts[gap.id] for gap in key.gaps)
    feedback = (text for result in grades.values() for text in result.feedback)
    return graded(earned / sum(gap.weight for gap in key.gaps), parts, shown_feedback(*feedback))


def grade_gap(gap: GapKey, text: str, language: str = "") -> Grade:
    if gap.kind == "text":
        return grade_text(gap.answers, text)
    if gap.kind == "numeric":
        return grade_number(gap.numeric or Numeric(), text, language)
    option = gap.options.get(text)
    return graded(option.weight, feedback=shown_feedback(option.feedback)) if option else invalid(FOREIGN)


def right_gap(gap: GapKey, language: str = "") -> str | None:
    """A text, or the id of an option, that gets full marks."""
    if gap.kind == "text":
        return right_text(gap.answers)
    if gap.kind == "numeric":
        return right_number(gap.numeric or Numeric(), language)
    return max(gap.options, key=lambda option_id: gap.options[option_id].weight, default=None)


def solve_cloze(content: QuestionContent, key: QuestionKey) -> Response:
    solved = {gap.id: right_gap(gap, content.language) for gap in key.gaps}
    return Response(gaps={gap_id: text for gap_id, text in solved.items() if text is not None})
