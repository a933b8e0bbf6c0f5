"""Storing one chunk of an import: its questions, its rows and its checkpoint are one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus, Severity
from app.domain.identity import Hashes
from app.domain.permissions import Actor
from app.formats.reading import Problem
from app.models import Question
from app.repositories.import_repository import ChunkRecord, NewImportRow
from app.repositories.question_bulk import BulkWriter
from app.repositories.question_links import skill_links, tag_links
from app.repositories.question_repository import FullQuestion, QuestionRepository
from app.repositories.question_review_repository import QuestionReviewRepository
from app.repositories.question_rows import NewQuestion, QuestionForm
from app.repositories.subject_repository import SubjectRepository
from app.repositories.tag_repository import TagRepository
from app.schemas.import_job import RowOutcome
from app.services.import_changes import differences
from app.services.import_judge import ImportWish, Judged
from app.services.import_reviews import review_rows
from app.services.import_rows import import_rows
from app.services.import_things import Thing
from app.services.question_drafts import DraftPreparer, KnownFiles, file_ids, tag_names, with_known_media
from app.services.question_files import file_names
from app.services.question_forms import draft_of, form_of
from app.services.skill_service import SkillService

FIRST = 1
ADDED = (RowOutcome.NEW, RowOutcome.NEAR_DUPLICATE)


@dataclass(slots=True)
class Written:
    """Question by row number, and the version that each changed question got."""

    ids: dict[int, UUID] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Names:
    """The ids behind what the drafts of a chunk name."""

    files: KnownFiles
    skills: Mapping[str, UUID]
    tags: Mapping[str, UUID]

    def form(self, judged: Judged) -> QuestionForm:
        hashes = Hashes(judged.read.digest, judged.read.stem)
        draft = with_known_media(judged.draft, self.files)
        return form_of(draft, file_ids(draft, self.files), hashes)

    def status(self, judged: Judged) -> QuestionStatus:
        """As judged, unless a file of the question turned out to be unusable."""
        refused = {ref.name for ref in judged.draft.media} - file_ids(judged.draft, self.files).keys()
        is_ready = not refused & file_names(judged.draft) or judged.draft.status is not QuestionStatus.PUBLISHED
        return judged.draft.status if is_ready else QuestionStatus.DRAFT

    def skill_ids(self, judged: Judged) -> tuple[UUID, ...]:
        return tuple(self.skills[name] for name in judged.draft.skills)

    def tag_ids(self, judged: Judged) -> tuple[UUID, ...]:
        return tuple(self.tags[name] for name in tag_names(judged.draft))


class ChunkWriter:
    """Writes judged drafts. Whoever calls it has held the lock of the subject since before the judgement."""

    def __init__(self, session: Session, actor: Actor, wish: ImportWish, now: datetime) -> None:
        self._session, self._actor, self._wish, self._now = session, actor, wish, now
        self._subjects, self._questions = SubjectRepository(session), QuestionRepository(session)

    def write(self, import_id: UUID, judged: Sequence[Judged]) -> Written:
        changed = [each for each in judged if each.outcome is RowOutcome.CHANGED]
        new = [each for each in judged if each.outcome in ADDED]
        names = self._names([*changed, *new])
        written = Written()
        # Changes come first: a new question may have the content that a changed one gives up.
        self._change(changed, names, written)
        rows = {each.n: self._new(import_id, each, names) for each in new}
        BulkWriter(self._session).write([*rows.values()])
        QuestionReviewRepository(self._session).add(
            review_rows(import_id, [(each.draft, rows[each.n]) for each in new])
        )
        self._bump(changed, [*rows.values()])
        written.ids |= {n: row.id for n, row in rows.items()} | _known_ids(judged)
        by_content = {each.read.digest: written.ids[each.n] for each in new}
        repeats = [each for each in judged if each.outcome is RowOutcome.IDENTICAL and each.known is None]
        written.ids |= {each.n: by_content[each.read.digest] for each in repeats if each.read.digest in by_content}
        return written

    def _names(self, judged: Sequence[Judged]) -> _Names:
        skills = SkillService(self._session, self._now).ensure(
            self._wish.subject_id, {name for each in judged for name in each.draft.skills}
        )
        return _Names(
            DraftPreparer(self._session).find_files([each.draft for each in judged]),
            {name: skill.id for name, skill in skills.items()},
            TagRepository(self._session).ensure({name for each in judged for name in tag_names(each.draft)}),
        )

    def _new(self, import_id: UUID, judged: Judged, names: _Names) -> NewQuestion:
        status = names.status(judged) if judged.draft.media else judged.draft.status
        return NewQuestion(
            subject_id=self._wish.subject_id,
            status=status.value,
            form=names.form(judged),
            namespace=self._wish.namespace,
            skill_ids=names.skill_ids(judged),
            tag_ids=names.tag_ids(judged),
            import_id=import_id,
            created_by=self._actor.user_id,
            published_at=self._now if status is QuestionStatus.PUBLISHED else None,
        )

    def _change(self, judged: Sequence[Judged], names: _Names, written: Written) -> None:
        locked = self._questions.lock([each.known.id for each in judged if each.known])
        for each in judged:
            if each.known is not None:
                question = locked[each.known.id]
                self._add_version(question, names.form(each))
                if each.draft.skills:
                    skill_links(self._session).replace(question.id, names.skill_ids(each))
                tag_links(self._session).replace(question.id, names.tag_ids(each))
                written.versions[each.n] = question.version

    def _add_version(self, question: Question, form: QuestionForm) -> None:
        """Always a version of its own, even where nobody has seen the one before, so that it can be taken back."""
        self._questions.add_version(question, form, self._actor.user_id)
        set_text(question, form, self._now)
        self._session.flush()
        self._questions.set_prior(question.id, form.difficulty)

    def _bump(self, changed: Sequence[Judged], new: Sequence[NewQuestion]) -> None:
        statuses = [row.status for row in new] + [each.known.status for each in changed if each.known]
        if QuestionStatus.PUBLISHED in statuses:
            self._subjects.bump_content(self._wish.subject_id)


def set_text(question: Question, form: QuestionForm, now: datetime) -> None:
    """Let the row of a question follow a version that becomes the current one."""
    question.type, question.external_id = form.type, form.external_id
    question.content_hash, question.stem_hash, question.stem_text = form.content_hash, form.stem_hash, form.stem_text
    question.revision += 1
    question.updated_at = now


def process_chunk(
    import_id: UUID, things: Sequence[Thing], judged: Sequence[Judged], writer: ChunkWriter | None
) -> tuple[ChunkRecord, list[NewImportRow]]:
    """Store a judged chunk; without a writer nothing is stored, and the outcome is the same."""
    written = Written(_known_ids(judged)) if writer is None else writer.write(import_id, judged)
    return _record(things, judged, written), import_rows(import_id, things, judged, written.ids)


def _known_ids(judged: Sequence[Judged]) -> dict[int, UUID]:
    return {each.n: each.known.id for each in judged if each.known is not None}


def outcome_counts(things: Sequence[Thing], judged: Sequence[Judged]) -> Counter[str]:
    errors = sum(isinstance(each.event, Problem) and each.event.severity is Severity.ERROR for each in things)
    return Counter({RowOutcome.ERROR.value: errors}) + Counter(each.outcome.value for each in judged)


def _record(things: Sequence[Thing], judged: Sequence[Judged], written: Written) -> ChunkRecord:
    revisions = sum(_revision(each, written) for each in judged if each.n in written.ids)
    changed = {each.n: _change_record(each, written) for each in judged if each.before is not None}
    return ChunkRecord(outcome_counts(things, judged), len(written.ids), revisions, changed)


def _revision(judged: Judged, written: Written) -> int:
    return FIRST if judged.known is None else judged.known.revision + (judged.n in written.versions)


def _change_record(judged: Judged, written: Written) -> dict[str, Any]:
    """What the table of rows shows, and what taking the change back needs: versions keep no skills and tags."""
    before: FullQuestion | None = judged.before
    if before is None:
        raise ValueError("only a changed question has a text before")
    return {
        "version": written.versions.get(judged.n),
        "changes": differences(draft_of(before), judged.draft),
        "skill_ids": [str(skill.id) for skill in before.skills],
        "tags": list(before.tags),
    }
