"""How surely a question was read from a paper, which its draft keeps under ``extensions["reading"]``."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft

READING: Final = "reading"
SURE: Final = 0.9
MAX_REGIONS: Final = 20
_WITHOUT_KEY: Final = frozenset({QuestionType.ESSAY, QuestionType.DESCRIPTION})

Share = Annotated[float, Field(ge=0, le=1)]


class Region(BaseModel):
    """A place on a page, from 1; the box is left, top, right and bottom as fractions of the page."""

    model_config = ConfigDict(frozen=True)

    page: Annotated[int, Field(ge=1, le=100_000)]
    box: tuple[Share, Share, Share, Share]


class Reading(BaseModel):
    """`confidence` is that of everything that was read; whether a key was found is told apart from it."""

    model_config = ConfigDict(frozen=True)

    origin: Annotated[str, Field(max_length=16)] = "text"
    confidence: Share = 1.0
    stem_confidence: Share = 1.0
    option_confidence: Annotated[tuple[Share, ...], Field(max_length=100)] = ()
    key_from: Annotated[str, Field(max_length=40)] = ""
    regions: Annotated[tuple[Region, ...], Field(max_length=MAX_REGIONS)] = ()

    @property
    def needs_review(self) -> bool:
        """Whatever stood on a page, and whatever was guessed."""
        return bool(self.regions) or self.confidence < SURE

    @property
    def key_confidence(self) -> float:
        return self.confidence if self.key_from else 0.0


def has_key(kind: QuestionType) -> bool:
    """Whether questions of the type have a key that a paper could give."""
    return kind not in _WITHOUT_KEY


def reading_of(draft: QuestionDraft) -> Reading | None:
    """None for a question that came from no paper, or says about it what makes no sense."""
    told = draft.extensions.get(READING)
    if told is None:
        return None
    try:
        return Reading.model_validate(told)
    except ValidationError:
        return None


def without_reading(draft: QuestionDraft) -> QuestionDraft:
    """The draft as somebody has checked it."""
    rest = {name: value for name, value in draft.extensions.items() if name != READING}
    return draft.model_copy(update={"extensions": rest})
