from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.domain.enums import MasteryRuleName
from app.schemas.base import Code, InputModel, OutputModel, Text, Title

Language = Annotated[
    str, Field(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", examples=["en", "de-AT"])
]


class SubjectCreate(InputModel):
    code: Annotated[Code, Field(examples=["algebra-1"])]
    title: Annotated[Title, Field(examples=["Algebra I"])]
    description: Text = ""
    language: Language = "en"


class SubjectUpdate(InputModel):
    """Only the members that are sent change."""

    code: Code | None = None
    title: Title | None = None
    description: Text | None = None
    language: Language | None = None
    mastery_rule: MasteryRuleName | None = None


class SubjectRead(OutputModel):
    id: UUID
    code: str
    title: str
    description: str
    language: str
    mastery_rule: MasteryRuleName
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
