"""What a student sends for a shown question."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.domain.question_draft import LocalId, Value

MAX_RESPONSE_TEXT = 20_000


class Rating(StrEnum):
    """The four buttons of a flashcard."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


Coordinate = Annotated[float, Field(allow_inf_nan=False, ge=-100_000, le=100_000)]
Text = Annotated[str, Field(max_length=MAX_RESPONSE_TEXT)]


class Response(Value):
    """One member is used, by question type.

    ``choice`` single choice and true/false · ``choices`` multiple response · ``text`` short answer, numerical,
    parametric, essay · ``pairs`` matching, left id to right id · ``order`` ordering, item ids first to last ·
    ``gaps`` cloze, gap id to text or option id · ``points`` hotspot, (x, y) in image pixels · ``rating`` flashcard.
    """

    choice: LocalId | None = None
    choices: Annotated[tuple[LocalId, ...], Field(max_length=26)] | None = None
    text: Text | None = None
    pairs: Annotated[dict[LocalId, LocalId], Field(max_length=100)] | None = None
    order: Annotated[tuple[LocalId, ...], Field(max_length=100)] | None = None
    gaps: Annotated[dict[LocalId, Text], Field(max_length=100)] | None = None
    points: Annotated[tuple[tuple[Coordinate, Coordinate], ...], Field(max_length=20)] | None = None
    rating: Rating | None = None
