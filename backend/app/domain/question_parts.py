"""The two halves of a stored question: what a student may see, and the key that is kept apart from it."""

from typing import Annotated, Literal

from pydantic import Field

from app.domain.enums import QuestionType
from app.domain.question_draft import (
    Answer,
    Criterion,
    Html,
    LocalId,
    MediaRef,
    Numeric,
    Parametric,
    Passage,
    Shape,
    Value,
)


class Choice(Value):
    """A selectable or movable thing as the student sees it."""

    id: LocalId
    html: Html


class GapView(Value):
    id: LocalId
    kind: Literal["text", "numeric", "choice"]
    options: tuple[Choice, ...] = ()


class HotspotView(Value):
    image: str
    max_points: int


class QuestionContent(Value):
    """Everything of a question version that is shown before it is answered. Holds no key."""

    type: QuestionType
    stem: Html
    options: tuple[Choice, ...] = ()
    shuffle: bool = True
    lefts: tuple[Choice, ...] = ()
    rights: tuple[Choice, ...] = ()
    items: tuple[Choice, ...] = ()
    gaps: tuple[GapView, ...] = ()
    units: tuple[str, ...] = ()
    hotspot: HotspotView | None = None
    passage: Passage | None = None
    hint_count: int = 0
    points: float = 1.0
    language: str = ""
    media: tuple[MediaRef, ...] = ()


class OptionKey(Value):
    weight: float
    feedback: Html = ""


class GapKey(Value):
    id: LocalId
    kind: Literal["text", "numeric", "choice"]
    answers: tuple[Answer, ...] = ()
    numeric: Numeric | None = None
    options: dict[str, OptionKey] = {}
    weight: float = 1.0


class QuestionKey(Value):
    """Everything of a question version that would give its answer away."""

    options: dict[str, OptionKey] = {}
    answers: tuple[Answer, ...] = ()
    numeric: Numeric | None = None
    pairs: dict[str, str] = {}
    pair_feedback: dict[str, str] = {}
    order: tuple[str, ...] = ()
    partial_order: bool = False
    gaps: tuple[GapKey, ...] = ()
    shapes: tuple[Shape, ...] = ()
    parametric: Parametric | None = None
    rubric: tuple[Criterion, ...] = ()
    hints: tuple[Html, ...] = ()
    explanation: Html = ""
    feedback: dict[Literal["correct", "partial", "incorrect"], Html] = {}
    penalty: Annotated[float, Field(ge=0, le=1)] = 1 / 3
