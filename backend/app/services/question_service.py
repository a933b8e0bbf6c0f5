from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, NotFoundError, StaleRevisionError
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.enums import QuestionStatus
from app.domain.grading.trial import Trial, try_out
from app.domain.permissions import Actor
from app.domain.presentation import present
from app.domain.question_draft import QuestionDraft
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.responses import Response
from app.models import Question
from app.repositories.audit_repository import AuditRepository
from app.repositories.job_repository import JobRepository
from app.repositories.question_bulk import BulkWriter
from app.repositories.question_links import skill_links, tag_links
from app.repositories.question_repository import FullQuestion, QuestionRepository
from app.repositories.question_rows import NewQuestion
from app.repositories.subject_repository import SubjectRepository
from app.services.question_drafts import DraftPreparer, PreparedDraft
from app.services.question_forms import draft_of
from app.services.question_publishing import refuse_unpublishable

PUBLISHED = QuestionStatus.PUBLISHED
# What an edit may change within a version: no student sees it and no answer depends on it.
_UNVERSIONED = {
    "category", "difficulty", "extensions", "external_id", "location", "skills", "status", "tags", "title",
}  # fmt: skip


class DuplicateQuestionError(ConflictError):
    code = "duplicate_question"


class SubjectArchivedError(ConflictError):
    code = "subject_archived"


class QuestionShownError(ConflictError):
    code = "question_shown"


@dataclass(frozen=True, slots=True)
class Edit:
    """A new text of a question; `revision` is the one that the author read, None = whatever it is now."""

    draft: QuestionDraft
    revision: int | None = None


class QuestionService:
    """Every change holds the lock of the subject's row, then that of the question."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._subjects, self._questions = SubjectRepository(session), QuestionRepository(session)
        self._audit, self._drafts = AuditRepository(session), DraftPreparer(session)

    def create(self, actor: Actor, subject_id: UUID, draft: QuestionDraft, *, namespace: str = "") -> FullQuestion:
        """Store a question in the status its draft names.

        Raises:
            DuplicateQuestionError: The subject has this question already; `number` says which.
            NotPublishableError: It is to be published and something is missing.
        """
        self._lock_subject(subject_id)
        prepared = self._drafts.prepare(subject_id, draft)
        self._refuse_duplicate(subject_id, prepared, namespace)
        if draft.status is PUBLISHED:
            refuse_unpublishable(prepared.draft)
        new = self._new(actor, subject_id, prepared, namespace)
        BulkWriter(self._session).write([new])
        if draft.status is PUBLISHED:
            self._subjects.bump_content(subject_id)
        self._record(AuditAction.QUESTION_CREATED, actor, new.id, status=draft.status.value)
        return self.read(actor, new.id)

    def read(self, actor: Actor, question_id: UUID, version: int | None = None) -> FullQuestion:
        found = self._questions.full(actor, question_id, version)
        if found is None:
            raise NotFoundError("No such question.")
        return found

    def update(self, actor: Actor, question_id: UUID, edit: Edit) -> FullQuestion:
        """Store a new text; the status stays. A version that a student has seen is kept and a new one begins.

        Raises:
            StaleRevisionError: Somebody else changed the question since the author read it.
            NotPublishableError: The question is published and would no longer be fit for it.
        """
        before = self._locked(actor, question_id, edit.revision)
        question = before.question
        prepared = self._drafts.prepare(question.subject_id, edit.draft)
        if _comparable(prepared.draft) == _comparable(draft_of(before)):
            return before
        self._refuse_duplicate(question.subject_id, prepared, question.namespace, question)
        if question.status == PUBLISHED:
            refuse_unpublishable(prepared.draft)
        self._write_text(actor, before, prepared)
        self._write_links(question, prepared)
        if question.status == PUBLISHED:
            self._subjects.bump_content(question.subject_id)
        self._record(
            AuditAction.QUESTION_UPDATED, actor, question_id, version=question.version, revision=question.revision
        )
        return self.read(actor, question_id)

    def delete(self, actor: Actor, question_id: UUID) -> None:
        """Drafts that no student has seen; anything else is retired instead."""
        question = self._locked(actor, question_id, None).question
        if question.status != QuestionStatus.DRAFT or self._questions.is_ever_shown(question_id):
            raise QuestionShownError("Only a draft that no student has seen can be deleted. Retire the question.")
        self._session.delete(question)
        self._record(AuditAction.QUESTION_DELETED, actor, question_id, number=question.number)

    def preview(self, actor: Actor, question_id: UUID, seed: int) -> QuestionContent:
        """What a student with this seed would see."""
        content, key = self._parts(actor, question_id)
        return present(content, key, seed)

    def try_response(self, actor: Actor, question_id: UUID, response: Response, seed: int) -> Trial:
        """What a student would be told; nothing is stored."""
        content, key = self._parts(actor, question_id)
        return try_out(content, key, response, seed)

    def _parts(self, actor: Actor, question_id: UUID) -> tuple[QuestionContent, QuestionKey]:
        full = self.read(actor, question_id)
        return QuestionContent.model_validate(full.version.content), QuestionKey.model_validate(full.key.key)

    def _lock_subject(self, subject_id: UUID) -> None:
        subject = self._subjects.lock(subject_id)
        if subject is None:
            raise NotFoundError("No such subject.")
        if subject.archived_at is not None:
            raise SubjectArchivedError("The subject is archived. Restore it to add questions.")

    def _locked(self, actor: Actor, question_id: UUID, revision: int | None) -> FullQuestion:
        subjects = self._questions.subjects_of(actor, [question_id])
        if question_id not in subjects:
            raise NotFoundError("No such question.")
        self._subjects.lock(subjects[question_id])
        self._questions.lock([question_id])
        full = self.read(actor, question_id)
        if revision not in (None, full.question.revision):
            raise StaleRevisionError(
                "Somebody else changed this question. Read it again.", extra={"revision": full.question.revision}
            )
        return full

    def _refuse_duplicate(
        self, subject_id: UUID, prepared: PreparedDraft, namespace: str, question: Question | None = None
    ) -> None:
        form = prepared.form
        same = self._questions.with_content(subject_id, [form.content_hash]).get(form.content_hash)
        if same is None and form.external_id is not None:
            same = self._questions.with_external_ids(subject_id, namespace, [form.external_id]).get(form.external_id)
        if same is not None and same is not question:
            raise DuplicateQuestionError(
                f"The subject has this question already: number {same.number}.",
                extra={"number": same.number, "question_id": str(same.id)},
            )

    def _new(self, actor: Actor, subject_id: UUID, prepared: PreparedDraft, namespace: str) -> NewQuestion:
        status = prepared.draft.status
        return NewQuestion(
            subject_id=subject_id,
            status=status.value,
            form=prepared.form,
            namespace=namespace,
            skill_ids=prepared.skill_ids,
            tag_ids=prepared.tag_ids,
            created_by=actor.user_id,
            published_at=self._now if status is PUBLISHED else None,
        )

    def _write_text(self, actor: Actor, before: FullQuestion, prepared: PreparedDraft) -> None:
        question, form = before.question, prepared.form
        if _versioned(prepared.draft) != _versioned(draft_of(before)):
            if self._questions.is_version_shown(before.version.id):
                self._questions.add_version(question, form, actor.user_id)
            else:
                self._questions.replace_version(before.version, form, actor.user_id)
        else:
            before.version.details = form.details
        question.type, question.external_id = form.type, form.external_id
        question.content_hash, question.stem_hash = form.content_hash, form.stem_hash
        question.stem_text = form.stem_text
        question.revision += 1
        question.updated_at = self._now
        self._session.flush()
        self._questions.set_prior(question.id, form.difficulty)

    def _write_links(self, question: Question, prepared: PreparedDraft) -> None:
        skill_links(self._session).replace(question.id, prepared.skill_ids)
        tag_links(self._session).replace(question.id, prepared.tag_ids)

    def _record(self, action: AuditAction, actor: Actor, question_id: UUID, **details: object) -> None:
        JobRepository(self._session).enqueue_once(JobKind.EMBED_QUESTIONS)
        self._audit.record(
            action, actor_id=actor.user_id, object_type="question", object_id=str(question_id), **details
        )


def _comparable(draft: QuestionDraft) -> QuestionDraft:
    """Without the status, which has a route of its own, and without the order of names."""
    return draft.model_copy(
        update={
            "status": QuestionStatus.DRAFT,
            "skills": tuple(sorted(draft.skills)),
            "tags": tuple(sorted(draft.tags)),
        }
    )


def _versioned(draft: QuestionDraft) -> dict[str, object]:
    return draft.model_dump(exclude=_UNVERSIONED)
