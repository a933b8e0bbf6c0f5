r"""The canonical question: lossless, JSON-serialisable, what every format reads and writes.

HTML fields hold the sanitised subset plus TeX between ``\(...\)`` and ``\[...\]``. Weights are fractions of
the points, from -1 to 1. A blank of a cloze stem stands in the stem as ``[[gap-id]]``, a variable of a
parametric stem as ``{{name}}``.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from app.domain.enums import QuestionStatus, QuestionType

MAX_OPTIONS = 26
MAX_HTML = 100_000
MAX_ITEMS = 100

Html = Annotated[str, Field(max_length=MAX_HTML)]
Plain = Annotated[str, Field(max_length=4_000)]
Name = Annotated[str, Field(max_length=200)]
LocalId = Annotated[str, Field(min_length=1, max_length=64)]
Fraction = Annotated[float, Field(ge=-1, le=1)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Value(BaseModel):
    """Base of all value types: immutable, refuses unknown members."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null")


class Location(Value):
    """Where in the source a question or a problem stands; every member is optional."""

    file: str | None = None
    member: str | None = None
    line: int | None = None
    row: int | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


class Option(Value):
    id: LocalId
    html: Html
    weight: Fraction = 0.0
    feedback: Html = ""


class MatchKind(StrEnum):
    EXACT = "exact"
    WILDCARD = "wildcard"
    PATTERN = "pattern"


class Answer(Value):
    """An accepted text. ``*`` matches any run in a wildcard; a pattern is RE2 and matches as a whole."""

    value: Plain
    match: MatchKind = MatchKind.EXACT
    case_sensitive: bool = False
    typo_tolerance: Annotated[int, Field(ge=0, le=2)] = 0
    weight: Fraction = 1.0
    feedback: Html = ""


class ToleranceKind(StrEnum):
    ABSOLUTE = "absolute"
    RELATIVE = "relative"
    RANGE = "range"
    SIGNIFICANT = "significant"


class NumericAnswer(Value):
    """An accepted number.

    ``tolerance`` is a half-width (absolute), a fraction of the value (relative), or a count of significant
    digits. A range accepts ``value - tolerance`` to ``value + tolerance`` and keeps its ends in ``low``, ``high``.
    """

    value: Finite
    kind: ToleranceKind = ToleranceKind.ABSOLUTE
    tolerance: Annotated[Finite, Field(ge=0)] = 0.0
    low: Finite | None = None
    high: Finite | None = None
    weight: Fraction = 1.0
    feedback: Html = ""

    @model_validator(mode="after")
    def _range_has_ends(self) -> Self:
        if self.kind is ToleranceKind.RANGE and (self.low is None or self.high is None or self.low > self.high):
            raise ValueError("a range needs low <= high")
        return self


class Unit(Value):
    """A unit a student may write; the number is multiplied by ``multiplier`` before it is compared."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    multiplier: Finite = 1.0


class Numeric(Value):
    answers: Annotated[tuple[NumericAnswer, ...], Field(max_length=MAX_ITEMS)] = ()
    units: Annotated[tuple[Unit, ...], Field(max_length=MAX_ITEMS)] = ()
    unit_required: bool = False


class Pair(Value):
    id: LocalId
    left: Html
    right: Html
    feedback: Html = ""


class OrderItem(Value):
    id: LocalId
    html: Html


class Gap(Value):
    """One blank. ``text`` uses answers, ``numeric`` uses numeric, ``choice`` uses options."""

    id: LocalId
    kind: Literal["text", "numeric", "choice"] = "text"
    answers: Annotated[tuple[Answer, ...], Field(max_length=MAX_ITEMS)] = ()
    numeric: Numeric | None = None
    options: Annotated[tuple[Option, ...], Field(max_length=MAX_ITEMS)] = ()
    weight: Annotated[Finite, Field(gt=0)] = 1.0


class Shape(Value):
    """An area of the image in pixels: rect (x, y, width, height), circle (x, y, r), polygon (x1, y1, x2, y2, ...)."""

    id: LocalId
    kind: Literal["rect", "circle", "polygon"]
    coords: Annotated[tuple[Finite, ...], Field(min_length=3, max_length=200)]
    correct: bool = True
    label: Plain = ""


class Hotspot(Value):
    image: Name
    shapes: Annotated[tuple[Shape, ...], Field(max_length=MAX_ITEMS)] = ()
    max_points: Annotated[int, Field(ge=1, le=20)] = 1


class Criterion(Value):
    id: LocalId
    text: Plain
    points: Annotated[Finite, Field(ge=0, le=1000)]


class Variable(Value):
    """A seeded variable of a parametric question: a list of values, or a grid from low to high by step."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
    values: Annotated[tuple[Finite, ...], Field(max_length=1000)] = ()
    low: Finite = 1.0
    high: Finite = 10.0
    step: Annotated[Finite, Field(gt=0)] = 1.0


class Parametric(Value):
    """``expression`` is arithmetic over the variables (see `domain.expressions`); no code is run."""

    variables: Annotated[tuple[Variable, ...], Field(min_length=1, max_length=20)]
    expression: Annotated[str, Field(min_length=1, max_length=500)]
    kind: ToleranceKind = ToleranceKind.ABSOLUTE
    tolerance: Annotated[Finite, Field(ge=0)] = 0.0
    units: Annotated[tuple[Unit, ...], Field(max_length=MAX_ITEMS)] = ()


class MediaRef(Value):
    """A file of the question; ``name`` is what the HTML refers to, ``sha256`` its content once it is known."""

    name: Name
    alt: Plain = ""
    mime: Name = ""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class Passage(Value):
    """A stimulus shared by several questions; the same external_id means the same passage."""

    external_id: Name | None = None
    title: Plain = ""
    html: Html = ""


class QuestionDraft(Value):
    """One question with everything a source says about it; what has no field of its own is in ``extensions``."""

    type: QuestionType
    stem: Html
    title: Plain = ""
    external_id: Name | None = None
    options: Annotated[tuple[Option, ...], Field(max_length=MAX_OPTIONS)] = ()
    shuffle: bool = True
    answers: Annotated[tuple[Answer, ...], Field(max_length=MAX_ITEMS)] = ()
    numeric: Numeric | None = None
    pairs: Annotated[tuple[Pair, ...], Field(max_length=MAX_ITEMS)] = ()
    distractors: Annotated[tuple[Html, ...], Field(max_length=MAX_ITEMS)] = ()
    order: Annotated[tuple[OrderItem, ...], Field(max_length=MAX_ITEMS)] = ()
    partial_order: bool = False
    gaps: Annotated[tuple[Gap, ...], Field(max_length=MAX_ITEMS)] = ()
    hotspot: Hotspot | None = None
    parametric: Parametric | None = None
    rubric: Annotated[tuple[Criterion, ...], Field(max_length=MAX_ITEMS)] = ()
    hints: Annotated[tuple[Html, ...], Field(max_length=10)] = ()
    explanation: Html = ""
    feedback: Annotated[dict[Literal["correct", "partial", "incorrect"], Html], Field(max_length=3)] = {}
    passage: Passage | None = None
    points: Annotated[Finite, Field(ge=0, le=1000)] = 1.0
    penalty: Annotated[Finite, Field(ge=0, le=1)] = 1 / 3
    skills: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    tags: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    category: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    language: Annotated[str, Field(max_length=35)] = ""
    media: Annotated[tuple[MediaRef, ...], Field(max_length=MAX_ITEMS)] = ()
    difficulty: Annotated[Finite, Field(ge=-6, le=6)] | None = None
    status: QuestionStatus = QuestionStatus.DRAFT
    location: Location = Location()
    extensions: dict[str, JsonValue] = {}
