from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.search import SkillProposalStatus
from app.schemas.base import InputModel, OutputModel, Title


class SkillProposalQuery(InputModel):
    subject_id: UUID | None = None
    status: SkillProposalStatus = SkillProposalStatus.OPEN
    cursor: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class SkillProposalAccept(InputModel):
    name: Annotated[Title | None, Field(description="Of the skill; null = the proposed one.")] = None


class SkillProposalRead(OutputModel):
    """A group of questions without a skill. `cohesion` is their mean cosine with the centre, 1 = all the same."""

    id: UUID
    subject_id: UUID
    name: str
    terms: list[str]
    questions: int
    examples: list[str]
    cohesion: float
    status: SkillProposalStatus
    skill_id: UUID | None
