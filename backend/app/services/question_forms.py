"""Between the canonical draft and the rows of a stored question."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from app.domain.identity import Hashes, hashes_of
from app.domain.question_draft import QuestionDraft
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.question_split import join, split
from app.repositories.question_repository import FullQuestion
from app.repositories.question_rows import QuestionForm
from app.services.question_files import link_files, unlink_files
from app.utils.html import plain_text
from app.utils.ids import opaque_id

_DETAILS: Final = {"title", "category", "difficulty", "location", "extensions", "media"}
_FILES: Final = "files"


def form_of(draft: QuestionDraft, file_ids: Mapping[str, UUID], hashes: Hashes | None = None) -> QuestionForm:
    """The rows of a clean draft, whose hashes may be known already.

    `file_ids` knows the media row of each file name; other names stay as they are.
    """
    content, key = split(link_files(draft, file_ids), new_id=opaque_id)
    details = draft.model_dump(mode="json", include=_DETAILS, exclude_defaults=True)
    if file_ids:
        details[_FILES] = {name: str(media_id) for name, media_id in file_ids.items()}
    content_hash, stem_hash = hashes or hashes_of(draft)
    return QuestionForm(
        type=draft.type.value,
        content=content.model_dump(mode="json"),
        key=key.model_dump(mode="json"),
        details=details,
        content_hash=content_hash,
        stem_hash=stem_hash,
        stem_text=plain_text(draft.stem),
        difficulty=draft.difficulty or 0.0,
        external_id=draft.external_id,
    )


def draft_of(full: FullQuestion) -> QuestionDraft:
    """The draft that `form_of` stored, with the local ids that students see."""
    details = dict(full.version.details)
    file_ids = {name: UUID(media_id) for name, media_id in details.pop(_FILES, {}).items()}
    content = QuestionContent.model_validate(full.version.content)
    authored = QuestionDraft.model_validate(
        {
            "type": content.type,
            "stem": content.stem,
            "status": full.question.status,
            "external_id": full.question.external_id,
            "skills": [skill.name for skill in full.skills],
            "tags": full.tags,
            **details,
        }
    )
    joined = join(content, QuestionKey.model_validate(full.key.key), authored)
    return unlink_files(joined, file_ids).model_copy(update={"media": authored.media})
