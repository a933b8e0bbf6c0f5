"""What staff may ask the question bank for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.enums import QuestionStatus, QuestionType


class SkillMatch(StrEnum):
    ANY = "any"
    ALL = "all"


class QuestionSort(StrEnum):
    NUMBER = "number"
    NUMBER_DOWN = "-number"
    UPDATED = "updated_at"
    UPDATED_DOWN = "-updated_at"
    DIFFICULTY = "difficulty"
    DIFFICULTY_DOWN = "-difficulty"

    @property
    def field(self) -> str:
        return self.value.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        return self.value.startswith("-")


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """Empty members do not narrow. Difficulties in logits, ends included."""

    subject_id: UUID | None = None
    skill_ids: tuple[UUID, ...] = ()
    skill_match: SkillMatch = SkillMatch.ANY
    types: tuple[QuestionType, ...] = ()
    statuses: tuple[QuestionStatus, ...] = ()
    difficulty_min: float | None = None
    difficulty_max: float | None = None
    tag: str = ""
    text: str = ""
    import_id: UUID | None = None
