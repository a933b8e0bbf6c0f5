"""Types that a student or a teacher grades."""

from app.domain.enums import GradeState
from app.domain.grading.result import Grade, graded, invalid
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Rating, Response


def grade_essay(_content: QuestionContent, _key: QuestionKey, response: Response) -> Grade:
    if not (response.text or "").strip():
        return invalid("Write an answer.")
    return Grade(GradeState.NEEDS_GRADING)


def grade_flashcard(_content: QuestionContent, _key: QuestionKey, response: Response) -> Grade:
    if response.rating is None:
        return invalid("Say how well you knew it.")
    return graded(float(response.rating is not Rating.AGAIN))


def grade_description(_content: QuestionContent, _key: QuestionKey, _response: Response) -> Grade:
    return graded(1.0)


def solve_essay(_content: QuestionContent, _key: QuestionKey) -> None:
    return None


def solve_flashcard(_content: QuestionContent, _key: QuestionKey) -> Response:
    return Response(rating=Rating.GOOD)


def solve_description(_content: QuestionContent, _key: QuestionKey) -> Response:
    return Response()
