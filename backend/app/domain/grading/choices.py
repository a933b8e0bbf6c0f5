"""Single choice, true/false and multiple response."""

from app.domain.grading.result import FOREIGN, REPEATED, Grade, graded, invalid, shown_feedback
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response


def grade_choice(_content: QuestionContent, key: QuestionKey, response: Response) -> Grade:
    if response.choice is None:
        return invalid("Choose an answer.")
    option = key.options.get(response.choice)
    if option is None:
        return invalid(FOREIGN)
    return graded(option.weight, {response.choice: option.weight}, shown_feedback(option.feedback))


def grade_multiple(_content: QuestionContent, key: QuestionKey, response: Response) -> Grade:
    if not response.choices:
        return invalid("Choose at least one answer.")
    if len(set(response.choices)) < len(response.choices):
        return invalid(REPEATED)
    if any(choice not in key.options for choice in response.choices):
        return invalid(FOREIGN)
    chosen = [(choice, key.options[choice]) for choice in sorted(response.choices)]
    parts = {choice: option.weight for choice, option in chosen}
    return graded(sum(parts.values()), parts, shown_feedback(*(option.feedback for _, option in chosen)))


def solve_choice(_content: QuestionContent, key: QuestionKey) -> Response | None:
    best = max(key.options, key=lambda choice: key.options[choice].weight, default=None)
    return Response(choice=best) if best else None


def solve_multiple(content: QuestionContent, key: QuestionKey) -> Response | None:
    right = (option.id for option in content.options if key.options[option.id].weight > 0)
    return Response(choices=tuple(right))
