"""Matching: the share of left sides with their right one."""

from app.domain.grading.result import FOREIGN, Grade, graded, invalid, shown_feedback
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response


def grade_matching(content: QuestionContent, key: QuestionKey, response: Response) -> Grade:
    """A left side that is left open counts as not matched.

    Only pairs that are right show their feedback: that of the others would tell their right side while tries are left.
    """
    if not response.pairs:
        return invalid("Match at least one pair.")
    rights = {right.id for right in content.rights}
    if not response.pairs.keys() <= key.pairs.keys() or not rights.issuperset(response.pairs.values()):
        return invalid(FOREIGN)
    parts = {left: float(response.pairs.get(left) == right) for left, right in key.pairs.items()}
    feedback = (key.pair_feedback.get(left, "") for left, is_right in parts.items() if is_right)
    return graded(sum(parts.values()) / len(parts), parts, shown_feedback(*feedback))


def solve_matching(_content: QuestionContent, key: QuestionKey) -> Response:
    return Response(pairs=key.pairs)
