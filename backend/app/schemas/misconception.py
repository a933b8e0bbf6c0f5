from uuid import UUID

from app.schemas.base import OutputModel


class MisconceptionOption(OutputModel):
    question_id: UUID
    text: str
    students: int


class MisconceptionDraft(OutputModel):
    """Wrong options over several questions that share a feedback or a text (`by`); the name is a draft."""

    draft_name: str
    by: str
    students: int
    questions: int
    options: list[MisconceptionOption]


class MisconceptionDrafts(OutputModel):
    items: list[MisconceptionDraft]
