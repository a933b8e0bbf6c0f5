from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, NotFoundError
from app.domain.audit import AuditAction
from app.domain.permissions import Actor
from app.models import Subject
from app.repositories.audit_repository import AuditRepository
from app.repositories.subject_repository import SubjectRepository
from app.schemas.subject import SubjectCreate, SubjectUpdate


class DuplicateCodeError(ConflictError):
    code = "duplicate_code"


class SubjectService:
    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._subjects, self._audit = SubjectRepository(session), AuditRepository(session)

    def create(self, actor: Actor, body: SubjectCreate) -> Subject:
        self._refuse_taken(body.code)
        subject = Subject(**body.model_dump())
        self._session.add(subject)
        self._session.flush()
        self._record(AuditAction.SUBJECT_CREATED, actor, subject)
        return subject

    def update(self, actor: Actor, subject_id: UUID, body: SubjectUpdate) -> Subject:
        subject = self._locked(subject_id)
        changes = body.model_dump(exclude_none=True)
        if changes.get("code", subject.code) != subject.code:
            self._refuse_taken(changes["code"])
        is_judged_anew = changes.get("mastery_rule", subject.mastery_rule) != subject.mastery_rule
        for name, value in changes.items():
            setattr(subject, name, value)
        if is_judged_anew:
            self._session.flush()
            self._subjects.bump_content(subject.id)
        self._record(AuditAction.SUBJECT_UPDATED, actor, subject, fields=sorted(changes))
        return self._stored(subject)

    def archive(self, actor: Actor, subject_id: UUID) -> Subject:
        """Students no longer see the subject; nothing is deleted."""
        subject = self._locked(subject_id)
        if subject.archived_at is None:
            subject.archived_at = self._now
            self._changed(AuditAction.SUBJECT_ARCHIVED, actor, subject)
        return self._stored(subject)

    def restore(self, actor: Actor, subject_id: UUID) -> Subject:
        subject = self._locked(subject_id)
        if subject.archived_at is not None:
            subject.archived_at = None
            self._changed(AuditAction.SUBJECT_RESTORED, actor, subject)
        return self._stored(subject)

    def _locked(self, subject_id: UUID) -> Subject:
        subject = self._subjects.lock(subject_id)
        if subject is None:
            raise NotFoundError("No such subject.")
        return subject

    def _refuse_taken(self, code: str) -> None:
        if self._subjects.find_code(code) is not None:
            raise DuplicateCodeError(f"There is a subject with the code {code} already.")

    def _changed(self, action: AuditAction, actor: Actor, subject: Subject) -> None:
        self._subjects.bump_content(subject.id)
        self._record(action, actor, subject)

    def _record(self, action: AuditAction, actor: Actor, subject: Subject, **details: object) -> None:
        self._audit.record(action, actor_id=actor.user_id, object_type="subject", object_id=str(subject.id), **details)

    def _stored(self, subject: Subject) -> Subject:
        self._session.flush()
        self._session.refresh(subject)
        return subject
