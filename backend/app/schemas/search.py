from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.enums import QuestionStatus, QuestionType
from app.domain.search import Degradation, LikeThis, SearchFilter, SearchKind, Seen
from app.schemas.base import InputModel, OutputModel, StrictFloat
from app.schemas.question import SkillName


class SearchNarrowing(InputModel):
    """What every search may be narrowed by. Empty members do not narrow."""

    subject_id: Annotated[list[UUID], Field(max_length=50)] = []
    skill_id: Annotated[list[UUID], Field(max_length=20)] = []
    type: Annotated[list[QuestionType], Field(max_length=20)] = []
    status: Annotated[list[QuestionStatus], Field(max_length=4)] = []
    difficulty_min: StrictFloat | None = None
    difficulty_max: StrictFloat | None = None
    discrimination_min: Annotated[
        StrictFloat | None, Field(description="Only questions whose discrimination was estimated from answers.")
    ] = None
    has_image: bool | None = None
    seen: Annotated[Seen | None, Field(description="Whether you have answered it already.")] = None

    def wanted(self) -> SearchFilter:
        return SearchFilter(
            subject_ids=tuple(self.subject_id),
            skill_ids=tuple(self.skill_id),
            types=tuple(self.type),
            statuses=tuple(self.status),
            difficulty_min=self.difficulty_min,
            difficulty_max=self.difficulty_max,
            discrimination_min=self.discrimination_min,
            has_image=self.has_image,
            seen=self.seen,
        )


class SearchQuery(SearchNarrowing):
    q: Annotated[str, Field(min_length=1, max_length=300, description='Words or a sentence, "phrases", -without.')]
    kind: Annotated[list[SearchKind], Field(max_length=2, description="Both when none is named.")] = []
    facets: Annotated[bool, Field(description="Also count what the found questions have in common.")] = False
    cursor: Annotated[str | None, Field(max_length=500)] = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class SimilarQuery(SearchNarrowing):
    like: Annotated[LikeThis, Field(description="Easier or harder by at least 0.3 logits.")] = LikeThis.ANY
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class PictureForm(SearchNarrowing):
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class SegmentRead(OutputModel):
    """Plain text."""

    text: str
    is_match: bool


class QuestionHit(OutputModel):
    """`snippet` is plain text in segments; `difficulty` in logits; `similarity` the cosine, null = not compared."""

    id: UUID
    number: int
    subject_id: UUID
    type: QuestionType
    status: QuestionStatus
    snippet: list[SegmentRead]
    skills: list[SkillName]
    difficulty: float
    has_image: bool
    is_seen: bool
    score: float
    similarity: float | None


class SkillHit(OutputModel):
    id: UUID
    subject_id: UUID
    code: str
    name: str
    description: str
    score: float


class FacetRead(OutputModel):
    """How many of the best 400 have it. `value` is an id for subjects and skills, else a word."""

    facet: str
    value: str
    count: int


class SearchRead(OutputModel):
    """Best first. `degraded` names what the search had to do without; `did_you_mean` is empty when all words occur."""

    items: list[QuestionHit]
    next_cursor: str | None
    skills: list[SkillHit]
    did_you_mean: str
    degraded: list[Degradation]
    facets: list[FacetRead] | None


class BenchHit(OutputModel):
    """Ranks count from 1; null = not in this ranking."""

    id: UUID
    number: int
    text: str
    score: float
    words_rank: int | None
    vectors_rank: int | None
    similarity: float | None


class SearchBench(OutputModel):
    """The fused ranking with what each arm said, and how long each took."""

    items: list[BenchHit]
    embedder: str
    degraded: list[Degradation]
    did_you_mean: str
    milliseconds: dict[str, float]


class IndexRead(OutputModel):
    """`stale` questions wait for the job; `indexed` have their vectors in the index, of `documents` in all."""

    embedder: str
    is_semantic: bool
    picture_embedder: str
    dimension: int
    documents: int
    embedded: int
    indexed: int
    stale: int
