"""What may be searched for, and how."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.enums import QuestionStatus, QuestionType

STEMMERS: Final = (
    "danish", "dutch", "english", "finnish", "french", "german", "italian", "norwegian", "portuguese", "russian",
    "spanish", "swedish",
)  # fmt: skip
"""Configurations of PostgreSQL's full text that need no installation; any other language is not reduced to stems."""
NO_STEMMER: Final = "simple"
_BY_LANGUAGE: Final = {
    "da": "danish", "nl": "dutch", "en": "english", "fi": "finnish", "fr": "french", "de": "german", "it": "italian",
    "nb": "norwegian", "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ru": "russian", "es": "spanish",
    "sv": "swedish",
}  # fmt: skip


def stemmer_of(language: str) -> str:
    """For a language tag such as ``de-AT``."""
    return _BY_LANGUAGE.get(language.lower().partition("-")[0].partition("_")[0], NO_STEMMER)


class VectorPart(StrEnum):
    STEM = "stem"
    OPTIONS = "options"


class SearchKind(StrEnum):
    QUESTIONS = "questions"
    SKILLS = "skills"


class Seen(StrEnum):
    """Whether the asking student has answered a question already."""

    SEEN = "seen"
    UNSEEN = "unseen"


class LikeThis(StrEnum):
    """How a similar question should compare with the one it is similar to."""

    ANY = "any"
    EASIER = "easier"
    HARDER = "harder"


class SkillProposalStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class Degradation(StrEnum):
    """What a search had to do without."""

    INDEX_DOWN = "index_down"
    INDEX_EMPTY = "index_empty"
    EMBEDDER_DOWN = "embedder_down"
    LEXICAL_VECTORS = "lexical_vectors"
    LOOKS_ONLY = "looks_only"


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Empty members do not narrow. Difficulties in logits, ends included; `discrimination_min` only holds for
    questions with a discrimination that was estimated from answers.
    """

    subject_ids: tuple[UUID, ...] = ()
    skill_ids: tuple[UUID, ...] = ()
    types: tuple[QuestionType, ...] = ()
    statuses: tuple[QuestionStatus, ...] = ()
    difficulty_min: float | None = None
    difficulty_max: float | None = None
    discrimination_min: float | None = None
    has_image: bool | None = None
    seen: Seen | None = None
    without: UUID | None = None

    @property
    def is_narrowing(self) -> bool:
        return replace(self, without=None) != SearchFilter()
