from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.schemas.base import Code, InputModel, OutputModel, Text, Title

MAX_PREREQUISITES = 50
MAX_SKILLS = 2_000

PrerequisiteIds = Annotated[list[UUID], Field(max_length=MAX_PREREQUISITES)]


class SkillCreate(InputModel):
    code: Annotated[Code, Field(examples=["linear-equations"])]
    name: Annotated[Title, Field(examples=["Linear equations"])]
    description: Text = ""
    prerequisite_ids: PrerequisiteIds = []


class SkillUpdate(InputModel):
    """Only the members that are sent change."""

    code: Code | None = None
    name: Title | None = None
    description: Text | None = None


class SkillOrder(InputModel):
    skill_ids: Annotated[
        list[UUID], Field(max_length=MAX_SKILLS, description="Every skill of the subject that is not archived, once.")
    ]


class PrerequisiteCreate(InputModel):
    prerequisite_id: UUID


class PrerequisitesUpdate(InputModel):
    prerequisite_ids: PrerequisiteIds


class SkillRead(OutputModel):
    id: UUID
    subject_id: UUID
    code: str
    name: str
    description: str
    position: int
    archived_at: datetime | None


class SkillEdge(OutputModel):
    """`prerequisite_id` is learned before `skill_id`."""

    prerequisite_id: UUID
    skill_id: UUID


class SkillNode(OutputModel):
    id: UUID
    code: str
    name: str
    position: int


class SkillGraph(OutputModel):
    """Without cycles and without archived skills."""

    nodes: list[SkillNode]
    edges: list[SkillEdge]
