"""A response of somebody who may see the key."""

from dataclasses import dataclass

from app.domain.grading import Grade, correct_response, grade
from app.domain.grading.reveal import reveal
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response


@dataclass(frozen=True, slots=True)
class Trial:
    """A grade, and what students are told when they ask for help or once a question is finished."""

    grade: Grade
    hints: tuple[str, ...]
    answer: Response | None
    answer_text: tuple[str, ...]
    explanation: str


def try_out(content: QuestionContent, key: QuestionKey, response: Response, seed: int) -> Trial:
    """The question may be half written: then there is no right answer to tell."""
    return Trial(
        grade=grade(content, key, response, seed=seed),
        hints=key.hints,
        answer=correct_response(content, key, seed),
        answer_text=reveal(content, key, seed),
        explanation=key.explanation,
    )
