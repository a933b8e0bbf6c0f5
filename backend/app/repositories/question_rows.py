"""A question in the form of its rows; made by `services.question_forms`, stored by the repositories."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.models.base import Json
from app.utils.ids import new_id


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """What follows from a draft alone: the same for a new question, a new version and a version edited in place."""

    type: str
    content: Json
    key: Json
    details: Json
    content_hash: str
    stem_hash: str
    stem_text: str
    difficulty: float
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to be inserted with its first version, first key and prior difficulty."""

    subject_id: UUID
    status: str
    form: QuestionForm
    namespace: str = ""
    skill_ids: tuple[UUID, ...] = ()
    tag_ids: tuple[UUID, ...] = ()
    import_id: UUID | None = None
    created_by: UUID | None = None
    published_at: datetime | None = None
    id: UUID = field(default_factory=new_id)
    version_id: UUID = field(default_factory=new_id)
    key_id: UUID = field(default_factory=new_id)
