"""What happens to a draft between its author and its rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy.orm import Session

from app.core.errors import InvalidInputError
from app.domain.question_draft import MediaRef, QuestionDraft
from app.formats.cleaning import clean
from app.formats.reading import Problem
from app.models import Media
from app.repositories.media_repository import MediaRepository
from app.repositories.question_rows import QuestionForm
from app.repositories.skill_repository import SkillRepository
from app.repositories.tag_repository import TagRepository
from app.services.question_files import file_names, media_id_of
from app.services.question_forms import form_of


class MissingMediaError(InvalidInputError):
    code = "missing_media"


class UnknownSkillError(InvalidInputError):
    code = "unknown_skill"


@dataclass(frozen=True, slots=True)
class PreparedDraft:
    draft: QuestionDraft
    form: QuestionForm
    skill_ids: tuple[UUID, ...]
    tag_ids: tuple[UUID, ...]


class DraftPreparer:
    def __init__(self, session: Session) -> None:
        self._skills, self._tags = SkillRepository(session), TagRepository(session)
        self._media = MediaRepository(session)

    def prepare(self, subject_id: UUID, draft: QuestionDraft) -> PreparedDraft:
        """Clean the draft and find everything it names.

        Raises:
            InvalidInputError: It names a skill or a file that is not there, or grew too long when made safe.
        """
        cleaned, _ = clean(draft)
        if isinstance(cleaned, Problem):
            raise InvalidInputError(cleaned.message)
        files = self.find_files([cleaned])
        cleaned = with_known_media(cleaned, files)
        _refuse_missing(cleaned, files)
        skills = self._skills.named(subject_id, cleaned.skills)
        _refuse_unknown(cleaned.skills, skills)
        tags = self._tags.ensure(tag_names(cleaned))
        names = {"skills": tuple({skill.name: None for skill in skills.values()}), "tags": tuple(tags)}
        return PreparedDraft(
            cleaned.model_copy(update=names),
            form_of(cleaned, file_ids(cleaned, files)),
            tuple({skill.id: None for skill in skills.values()}),
            tuple(tags.values()),
        )

    def find_files(self, drafts: Sequence[QuestionDraft]) -> "KnownFiles":
        """The stored files that any of the drafts refer to, in at most two queries."""
        hashes = {ref.sha256 for draft in drafts for ref in draft.media if ref.sha256}
        ids = {media_id for draft in drafts for name in file_names(draft) if (media_id := media_id_of(name))}
        return KnownFiles(self._media.by_source(hashes), self._media.by_id(ids))


@dataclass(frozen=True, slots=True)
class KnownFiles:
    by_source: Mapping[str, Media]
    by_id: Mapping[UUID, Media]

    def find(self, ref: MediaRef) -> Media | None:
        media_id = media_id_of(ref.name)
        if media_id is not None:
            return self.by_id.get(media_id)
        return self.by_source.get(ref.sha256) if ref.sha256 else None


def with_known_media(draft: QuestionDraft, files: KnownFiles) -> QuestionDraft:
    """The draft with a reference for each stored file that its texts call by address, as the editor inserts them."""
    if not files.by_id:
        return draft
    named = {ref.name for ref in draft.media}
    fresh = [
        MediaRef(name=name, mime=media.mime, sha256=media.source_sha256)
        for name in sorted(file_names(draft) - named)
        if (media_id := media_id_of(name)) and (media := files.by_id.get(media_id))
    ]
    return draft.model_copy(update={"media": (*draft.media, *fresh)})


def file_ids(draft: QuestionDraft, files: KnownFiles) -> dict[str, UUID]:
    """Name to media id, of the draft's references whose file is stored."""
    found = {ref.name: files.find(ref) for ref in draft.media}
    return {name: media.id for name, media in found.items() if media}


def tag_names(draft: QuestionDraft) -> list[str]:
    names = (" ".join(tag.split()) for tag in draft.tags)
    return [name for name in dict.fromkeys(names) if name]


def _refuse_missing(draft: QuestionDraft, files: KnownFiles) -> None:
    stored = file_ids(draft, files)
    wanted = file_names(draft) | {ref.name for ref in draft.media if ref.sha256}
    missing: list[JsonValue] = [*sorted(wanted - set(stored))]
    if missing:
        raise MissingMediaError("A file that the question refers to was not uploaded.", extra={"names": missing})


def _refuse_unknown(names: Sequence[str], known: Collection[str]) -> None:
    missing: list[JsonValue] = [name for name in names if name not in known]
    if missing:
        raise UnknownSkillError("The subject has no such skill.", extra={"names": missing})
