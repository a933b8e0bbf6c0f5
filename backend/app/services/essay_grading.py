"""Points for an essay by its rubric, proposed by two gradings that know nothing of each other."""

from collections.abc import Sequence
from typing import Final

from app.ai.llm.question_answers import EssayPoints
from app.domain.enums import LlmFlow, ProposalStatus
from app.domain.proposals import CriterionGrade, ProposedGrade
from app.domain.question_draft import Criterion
from app.services.proposal_maker import Asker, Made, origin
from app.services.proposal_prompts import QuestionWords
from app.utils.html import plain_text
from app.utils.text import safe_text

GRADINGS: Final = 2
LONGEST_COMMENT: Final = 500
NAME: Final = "essay_grading"
WHOLE: Final = "Answers the question, fully and correctly."


def grade_essay(asker: Asker, words: QuestionWords, text: str) -> Made:
    """A question without a rubric is graded as a whole; its explanation is the model answer."""
    rubric = [each for each in words.key.rubric if each.points > 0] or [
        Criterion(id="whole", text=_whole(words), points=words.content.points or 1.0)
    ]
    gradings = [
        asker.ask(words, LlmFlow.ESSAY_GRADING, NAME, EssayPoints, rubric=_listed(rubric), essay=text)
        for _ in range(GRADINGS)
    ]
    columns = [_points(rubric, grading) for grading in gradings]
    if any(points is None for column in columns for points in column):
        return Made(ProposalStatus.FAILED, note="The model left criteria of the rubric out.", origin=origin(NAME))
    known = [[points or 0.0 for points in column] for column in columns]
    return Made(ProposalStatus.OPEN, _grade(rubric, known, gradings[0]), origin=origin(NAME))


def _grade(rubric: Sequence[Criterion], columns: Sequence[Sequence[float]], first: EssayPoints) -> ProposedGrade:
    reasons = {each.number: safe_text(each.reason) for each in first.criteria}
    criteria = tuple(
        CriterionGrade(
            criterion=criterion.text,
            points=round(sum(column[place] for column in columns) / len(columns), 3),
            most=criterion.points,
            reason=reasons[place + 1],
        )
        for place, criterion in enumerate(rubric)
    )
    most = sum(criterion.points for criterion in rubric)
    apart = sum(abs(one - other) for one, other in zip(columns[0], columns[-1], strict=True))
    return ProposedGrade(
        criteria=criteria,
        fraction=round(min(1.0, sum(each.points for each in criteria) / most), 3),
        comment=" ".join(each.reason for each in criteria)[:LONGEST_COMMENT],
        agreement=round(max(0.0, 1 - apart / most), 3),
    )


def _points(rubric: Sequence[Criterion], grading: EssayPoints) -> list[float | None]:
    """By criterion; more than there are to give counts as all of them."""
    given = {each.number: each.points for each in grading.criteria}
    return [
        min(criterion.points, given[place]) if place in given else None
        for place, criterion in enumerate(rubric, start=1)
    ]


def _listed(rubric: Sequence[Criterion]) -> str:
    return "\n".join(
        f"{place}. {criterion.text} (at most {criterion.points:g} points)"
        for place, criterion in enumerate(rubric, start=1)
    )


def _whole(words: QuestionWords) -> str:
    explanation = plain_text(words.key.explanation)
    return f"{WHOLE} A model answer: {explanation}"[:4_000] if explanation else WHOLE
