"""Between the canonical draft and the rows of a stored question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.enums import QuestionStatus
from app.domain.identity import content_hash, stem_hash
from app.domain.question_draft import QuestionDraft
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.question_split import join, split
from app.models.base import Json
from app.repositories.question_rows import QuestionForm
from app.services.question_files import link_files, unlink_files
from app.utils.html import plain_text
from app.utils.ids import opaque_id

_DETAILS: Final = {"title", "category", "difficulty", "location", "extensions", "media"}
_FILES: Final = "files"


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """The parts of one version from which its draft is made again; skills and tags by their names."""

    content: Json
    key: Json
    details: Json
    status: str
    external_id: str | None
    skills: tuple[str, ...]
    tags: tuple[str, ...]


def form_of(draft: QuestionDraft, file_ids: Mapping[str, UUID]) -> QuestionForm:
    """The rows of a clean draft. `file_ids` knows the media row of each file name; other names stay as they are."""
    content, key = split(link_files(draft, file_ids), new_id=opaque_id)
    details = draft.model_dump(mode="json", include=_DETAILS, exclude_defaults=True)
    if file_ids:
        details[_FILES] = {name: str(media_id) for name, media_id in file_ids.items()}
    return QuestionForm(
        type=draft.type.value,
        content=content.model_dump(mode="json"),
        key=key.model_dump(mode="json"),
        details=details,
        content_hash=content_hash(draft),
        stem_hash=stem_hash(draft),
        stem_text=plain_text(draft.stem),
        difficulty=draft.difficulty or 0.0,
        external_id=draft.external_id,
    )


def draft_of(stored: StoredQuestion) -> QuestionDraft:
    """The draft that `form_of` stored, with the local ids that students see."""
    details = dict(stored.details)
    file_ids = {name: UUID(media_id) for name, media_id in details.pop(_FILES, {}).items()}
    content = QuestionContent.model_validate(stored.content)
    authored = QuestionDraft.model_validate(
        {
            "type": content.type,
            "stem": content.stem,
            "status": QuestionStatus(stored.status),
            "external_id": stored.external_id,
            "skills": stored.skills,
            "tags": stored.tags,
            **details,
        }
    )
    joined = join(content, QuestionKey.model_validate(stored.key), authored)
    return unlink_files(joined, file_ids).model_copy(update={"media": authored.media})
