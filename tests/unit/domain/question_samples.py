"""Drafts and ready questions for tests of the question rules."""

import itertools
from collections.abc import Callable, Sequence

from app.domain.enums import QuestionType
from app.domain.question_draft import (
    Answer,
    Gap,
    Hotspot,
    Numeric,
    NumericAnswer,
    Option,
    OrderItem,
    Pair,
    Parametric,
    QuestionDraft,
    Shape,
    Unit,
    Variable,
)
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.question_split import split


def id_source(start: int = 0xA0000000) -> Callable[[], str]:
    """Opaque ids whose order has nothing to do with the order in which they are given out."""
    numbers = itertools.count(1)
    return lambda: f"{(start + next(numbers) * 2654435761) % 2**32:08x}"


def parted(draft: QuestionDraft) -> tuple[QuestionContent, QuestionKey]:
    return split(draft, new_id=id_source())


def choice_draft(
    weights: Sequence[float] = (1, 0, 0), kind: QuestionType = QuestionType.SINGLE_CHOICE
) -> QuestionDraft:
    options = tuple(
        Option(id=f"{index:08x}", html=f"Option {index}", weight=weight, feedback=f"Feedback {index}")
        for index, weight in enumerate(weights)
    )
    return QuestionDraft(type=kind, stem="Which one?", options=options, skills=("skill",))


def text_draft(*answers: Answer) -> QuestionDraft:
    return QuestionDraft(
        type=QuestionType.SHORT_ANSWER, stem="Capital of France?", answers=answers or (Answer(value="Paris"),)
    )


def numeric_draft(*answers: NumericAnswer, units: Sequence[Unit] = (), unit_required: bool = False) -> QuestionDraft:
    numeric = Numeric(
        answers=answers or (NumericAnswer(value=3.14, tolerance=0.01),),
        units=tuple(units),
        unit_required=unit_required,
    )
    return QuestionDraft(type=QuestionType.NUMERICAL, stem="How much?", numeric=numeric)


def matching_draft() -> QuestionDraft:
    return QuestionDraft(
        type=QuestionType.MATCHING,
        stem="Match the capitals.",
        pairs=(
            Pair(id="00000001", left="France", right="Paris", feedback="On the Seine"),
            Pair(id="00000002", left="Italy", right="Rome"),
            Pair(id="00000003", left="Latium", right="Rome"),
            Pair(id="00000004", left="Spain", right="Madrid"),
        ),
        distractors=("Oslo", "Bern", "Rome"),
    )


def ordering_draft(*texts: str, partial: bool = False) -> QuestionDraft:
    items = tuple(OrderItem(id=f"item-{index}", html=text) for index, text in enumerate(texts or "abcd"))
    return QuestionDraft(type=QuestionType.ORDERING, stem="Sort.", order=items, partial_order=partial)


def cloze_draft() -> QuestionDraft:
    return QuestionDraft(
        type=QuestionType.CLOZE,
        stem="[[capital]] has [[count]] million people and is [[size]].",
        gaps=(
            Gap(id="capital", answers=(Answer(value="Paris"), Answer(value="Lutetia", weight=0.5)), weight=2),
            Gap(id="count", kind="numeric", numeric=Numeric(answers=(NumericAnswer(value=2.1, tolerance=0.1),))),
            Gap(
                id="size",
                kind="choice",
                options=(Option(id="yes", html="big", weight=1), Option(id="no", html="small", feedback="No")),
            ),
        ),
    )


def hotspot_draft(*shapes: Shape, max_points: int = 1) -> QuestionDraft:
    default = (
        Shape(id="heart", kind="circle", coords=(50, 50, 10)),
        Shape(id="wrong", kind="rect", coords=(0, 0, 20, 20), correct=False),
    )
    hotspot = Hotspot(image="body.png", shapes=shapes or default, max_points=max_points)
    return QuestionDraft(type=QuestionType.HOTSPOT, stem="Click the heart.", hotspot=hotspot)


def parametric_draft(expression: str = "a * b", **members: object) -> QuestionDraft:
    variables = (Variable(name="a", low=2, high=9), Variable(name="b", values=(0.5, 1.5, 2.5)))
    parametric = Parametric.model_validate({"variables": variables, "expression": expression} | members)
    return QuestionDraft(type=QuestionType.PARAMETRIC, stem="What is {{a}} times {{b:2}}?", parametric=parametric)


def sample_drafts() -> list[QuestionDraft]:
    """One draft of every type that a response can get right without a teacher."""
    return [
        choice_draft(),
        choice_draft((0, 1), QuestionType.TRUE_FALSE),
        choice_draft((0.5, -0.5, 0.5, 0), QuestionType.MULTIPLE_RESPONSE),
        text_draft(),
        numeric_draft(),
        matching_draft(),
        ordering_draft(),
        ordering_draft(partial=True),
        cloze_draft(),
        hotspot_draft(),
        parametric_draft(),
        QuestionDraft(type=QuestionType.FLASHCARD, stem="Front", explanation="Back"),
        QuestionDraft(type=QuestionType.DESCRIPTION, stem="Read this."),
    ]
