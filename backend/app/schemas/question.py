from datetime import datetime
from enum import StrEnum
from math import isfinite
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from app.domain.enums import GradeState, QuestionStatus, QuestionType
from app.domain.question_draft import QuestionDraft
from app.domain.question_filter import QuestionFilter, QuestionSort, SkillMatch
from app.domain.question_parts import QuestionContent
from app.domain.responses import Response
from app.schemas.base import InputModel, OutputModel, StrictFloat, StrictInt

MAX_BULK = 500
_INTEGERS = range(-(2**63), 2**63)


def storable(value: Any) -> Any:  # raw JSON
    """Refuses numbers that no JSON column holds: the free members of a draft have no bounds of their own."""
    if isinstance(value, int) and value not in _INTEGERS:
        raise ValueError("integers have 64 bits at most")
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("numbers are finite")
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        storable(member)
    return value


Draft = Annotated[QuestionDraft, BeforeValidator(storable)]
Revision = Annotated[StrictInt, Field(ge=1, description="The revision you have read; another one is refused.")]


class QuestionCreate(InputModel):
    subject_id: UUID
    draft: Draft


class QuestionCheckCreate(QuestionCreate):
    """A draft that is not stored (yet)."""

    seed: Annotated[StrictInt, Field(ge=0, description="Draws the order of options and the variables.")] = 0


class QuestionUpdate(InputModel):
    """The whole draft, as read and then changed. Its status is ignored; status has a route of its own."""

    revision: Revision
    draft: Draft


class QuestionStatusUpdate(InputModel):
    status: QuestionStatus
    revision: Revision | None = None


class QuestionTry(InputModel):
    response: Response
    seed: Annotated[StrictInt, Field(ge=0, description="Draws the variables of a parametric question.")] = 0


class DraftTry(QuestionCheckCreate):
    """An answer to a draft. Its ids are those that the check shows."""

    response: Response


class QuestionWish(InputModel):
    """Which questions of the bank; members that are left out do not narrow."""

    subject_id: UUID | None = None
    skill_id: Annotated[list[UUID], Field(max_length=20)] = []
    skill_match: Annotated[SkillMatch, Field(description="Any of the skills, or all of them at once.")] = SkillMatch.ANY
    type: Annotated[list[QuestionType], Field(max_length=20)] = []
    status: Annotated[list[QuestionStatus], Field(max_length=4)] = []
    difficulty_min: StrictFloat | None = None
    difficulty_max: StrictFloat | None = None
    tag: Annotated[str, Field(max_length=200)] = ""
    q: Annotated[str, Field(max_length=300, description='Words, "phrases", -without, or a number.')] = ""
    import_id: Annotated[UUID, Field(description="Questions that this import made.")] | None = None

    def wanted(self) -> QuestionFilter:
        return QuestionFilter(
            subject_id=self.subject_id,
            skill_ids=tuple(self.skill_id),
            skill_match=self.skill_match,
            types=tuple(self.type),
            statuses=tuple(self.status),
            difficulty_min=self.difficulty_min,
            difficulty_max=self.difficulty_max,
            tag=self.tag,
            text=self.q,
            import_id=self.import_id,
        )


class QuestionQuery(QuestionWish):
    sort: QuestionSort = QuestionSort.NUMBER
    cursor: Annotated[str | None, Field(max_length=500)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class SkillName(OutputModel):
    id: UUID
    code: str
    name: str


class TagRead(OutputModel):
    id: UUID
    name: str


class QuestionSummary(OutputModel):
    """`stem` is plain text; `difficulty` the estimate in logits."""

    id: UUID
    number: int
    subject_id: UUID
    type: QuestionType
    status: QuestionStatus
    stem: str
    version: int
    revision: int
    difficulty: float
    skills: list[SkillName]
    tags: list[str]
    created_at: datetime
    updated_at: datetime


class QuestionRead(QuestionSummary):
    """For staff: `draft` holds the key, `content` is what students see before they answer."""

    draft: QuestionDraft
    content: QuestionContent
    difficulty_answers: Annotated[int, Field(description="Answers behind the difficulty; 0 = the author's guess.")]
    published_at: datetime | None
    created_by: UUID | None
    import_id: UUID | None


class QuestionCount(OutputModel):
    """How many questions fit the filters, all in all and by status."""

    total: int
    statuses: dict[QuestionStatus, int]


class VersionSummary(OutputModel):
    number: int
    created_at: datetime
    created_by: UUID | None


class VersionRead(VersionSummary):
    draft: QuestionDraft
    content: QuestionContent


class GradeRead(OutputModel):
    """`message` says why a response is invalid; `parts` is the fraction of each part of the answer."""

    state: GradeState
    fraction: float
    parts: dict[str, float]
    feedback: list[str]
    message: str


class TrialRead(OutputModel):
    """A grade, and what students are told when they ask for help or once a question is finished; never for them."""

    grade: GradeRead
    hints: list[str]
    answer: Annotated[Response | None, Field(description="An answer with full marks, where there is one.")]
    answer_text: list[str]
    explanation: str


class BulkAction(StrEnum):
    PUBLISH = "publish"
    RETIRE = "retire"
    ADD_TAG = "add_tag"
    REMOVE_TAG = "remove_tag"
    ADD_SKILL = "add_skill"
    REMOVE_SKILL = "remove_skill"

    @property
    def is_about_tags(self) -> bool:
        return self in {BulkAction.ADD_TAG, BulkAction.REMOVE_TAG}

    @property
    def is_about_skills(self) -> bool:
        return self in {BulkAction.ADD_SKILL, BulkAction.REMOVE_SKILL}


class BulkUpdate(InputModel):
    """One action on many questions. The tag actions need `tag`, the skill actions `skill_id`."""

    action: BulkAction
    ids: Annotated[list[UUID], Field(min_length=1, max_length=MAX_BULK)]
    tag: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] | None = None
    skill_id: UUID | None = None

    @model_validator(mode="after")
    def _argument_fits(self) -> Self:
        if (self.tag is not None) != self.action.is_about_tags:
            raise ValueError("the tag actions, and only they, need a tag")
        if (self.skill_id is not None) != self.action.is_about_skills:
            raise ValueError("the skill actions, and only they, need a skill_id")
        return self


class BulkOutcome(StrEnum):
    DONE = "done"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    NOT_FOUND = "not_found"


class PublishProblemRead(OutputModel):
    code: str
    message: str


class QuestionCheck(OutputModel):
    """A draft made safe and with the addresses of its files, how students would see it, and what is missing."""

    draft: QuestionDraft
    content: QuestionContent
    problems: list[PublishProblemRead]
    losses: Annotated[list[str], Field(description="What the allowed HTML has no place for.")]


class BulkItem(OutputModel):
    """What became of one question; a refusal says why."""

    id: UUID
    outcome: BulkOutcome
    message: str = ""
    problems: list[PublishProblemRead] = []


class BulkResult(OutputModel):
    """In the order of the request, each id once."""

    items: list[BulkItem]


class DifficultyBasis(OutputModel):
    """`name`: answers, skill (questions of the same skills), neighbours (alike in meaning), metadata (stated)."""

    name: str
    share: float


class DifficultyRead(OutputModel):
    """A difficulty in logits with its standard error, and what it rests on; the shares add up to 1."""

    value: float
    standard_error: float
    answers: int
    is_predicted: bool
    text: str = Field(examples=["predicted, 0 answers"])
    basis: list[DifficultyBasis]
