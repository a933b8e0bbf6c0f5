"""The demo question bank: everything a first start shows, of our own writing."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from app.domain.question_draft import QuestionDraft

from . import (
    equation_questions,
    expression_questions,
    fraction_questions,
    function_questions,
    geometry_questions,
    graph_questions,
    integer_questions,
    line_questions,
    percentage_questions,
    power_questions,
    probability_questions,
    quadratic_questions,
    ratio_questions,
    statistics_questions,
)
from .figures import FIGURES
from .skills import SKILLS, SUBJECT_TITLE, DemoSkill

_SECTIONS = (
    integer_questions.QUESTIONS,
    fraction_questions.QUESTIONS,
    percentage_questions.QUESTIONS,
    ratio_questions.QUESTIONS,
    power_questions.QUESTIONS,
    expression_questions.QUESTIONS,
    equation_questions.QUESTIONS,
    graph_questions.QUESTIONS,
    line_questions.QUESTIONS,
    quadratic_questions.QUESTIONS,
    function_questions.QUESTIONS,
    geometry_questions.QUESTIONS,
    statistics_questions.QUESTIONS,
    probability_questions.QUESTIONS,
)


@dataclass(frozen=True)
class DemoBank:
    """A subject with its skills and published questions; ``media`` maps a file name to PNG bytes."""

    subject_title: str
    skills: list[DemoSkill]
    drafts: list[QuestionDraft]
    media: dict[str, bytes]


def demo_bank() -> DemoBank:
    """Build the whole bank; the same code and Pillow version give the same bytes."""
    media = {name: figure.draw() for name, figure in FIGURES.items()}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in media.items()}
    drafts = [_with_digests(draft, digests) for draft in chain.from_iterable(_SECTIONS)]
    return DemoBank(SUBJECT_TITLE, list(SKILLS), drafts, media)


def _with_digests(draft: QuestionDraft, digests: Mapping[str, str]) -> QuestionDraft:
    media = tuple(ref.model_copy(update={"sha256": digests[ref.name]}) for ref in draft.media)
    return draft.model_copy(update={"media": media})
