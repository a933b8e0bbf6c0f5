"""What staff do with the pairs that a scan has found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, InvalidInputError, NotFoundError
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.permissions import Actor
from app.domain.question_pairs import PairStatus
from app.models import Job, QuestionPair
from app.repositories.audit_repository import AuditRepository
from app.repositories.job_repository import JobRepository
from app.repositories.keyset import Slice
from app.repositories.question_links import skill_links, skills_of
from app.repositories.question_pair_repository import QuestionPairRepository
from app.repositories.question_repository import FullQuestion, QuestionRepository
from app.repositories.subject_repository import SubjectRepository
from app.schemas.question import BulkAction, BulkOutcome, BulkUpdate
from app.schemas.question_pair import PairQuery
from app.services.job_service import JobService
from app.services.question_status_service import QuestionStatusService


class PairDecidedError(ConflictError):
    code = "pair_decided"


@dataclass(frozen=True, slots=True)
class PairView:
    pair: QuestionPair
    first: FullQuestion
    second: FullQuestion


class QuestionPairService:
    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._pairs, self._questions = QuestionPairRepository(session), QuestionRepository(session)
        self._audit = AuditRepository(session)

    def scan(self, actor: Actor, subject_id: UUID) -> Job:
        """Look through a subject in the background."""
        if SubjectRepository(self._session).get(actor, subject_id) is None:
            raise NotFoundError("No such subject.")
        jobs = JobService(JobRepository(self._session), self._audit)
        return jobs.start(actor, JobKind.SCAN_DUPLICATES, AuditAction.DUPLICATE_SCAN_REQUESTED, subject_id)

    def page(self, actor: Actor, query: PairQuery) -> Slice[PairView]:
        found = self._pairs.page(
            actor,
            subject_id=query.subject_id,
            kinds=query.kind,
            status=query.status,
            after=query.cursor,
            limit=query.limit,
        )
        return Slice(self._views(actor, found.items), found.next_cursor)

    def dismiss(self, actor: Actor, pair_id: UUID) -> PairView:
        """Both stay. The pair is not found again; dismissing it again changes nothing."""
        pair = self._locked(actor, pair_id)
        if pair.status != PairStatus.DISMISSED:
            self._decide(actor, pair, PairStatus.DISMISSED, AuditAction.QUESTION_PAIR_DISMISSED)
            SubjectRepository(self._session).bump_content(pair.subject_id)
        return self._views(actor, [pair])[0]

    def retire(self, actor: Actor, pair_id: UUID, question_id: UUID) -> PairView:
        """Retire one question of the pair; the other takes over its skills. That settles its other pairs too.

        Raises:
            InvalidInputError: The question is none of the two.
            PairDecidedError: Somebody has decided on the pair already.
        """
        pair = self._locked(actor, pair_id)
        if question_id not in (pair.first_id, pair.second_id):
            raise InvalidInputError("Retire one of the two questions of the pair.")
        if pair.status != PairStatus.OPEN:
            raise PairDecidedError("Somebody has decided on this pair already.")
        kept = pair.second_id if question_id == pair.first_id else pair.first_id
        self._retire(actor, question_id, kept)
        for other in self._pairs.open_with(question_id):
            self._decide(actor, other, PairStatus.RESOLVED, AuditAction.QUESTION_PAIR_RESOLVED)
        return self._views(actor, [pair])[0]

    def _retire(self, actor: Actor, question_id: UUID, kept: UUID) -> None:
        """A draft that nobody has seen is deleted by its author; here it is only put aside like the others."""
        status = QuestionStatusService(self._session, self._now)
        skills = skills_of(self._session, [question_id, kept])
        missing = {skill.id for skill in skills.get(question_id, ())} - {skill.id for skill in skills.get(kept, ())}
        outcome = status.change_many(actor, BulkUpdate(action=BulkAction.RETIRE, ids=[question_id]))[0]
        if outcome.outcome is BulkOutcome.REFUSED:
            raise PairDecidedError(outcome.message)
        for skill_id in missing:
            skill_links(self._session).add([kept], skill_id)
        subjects = self._questions.subjects_of(actor, [kept])
        SubjectRepository(self._session).bump_content(subjects[kept])

    def _locked(self, actor: Actor, pair_id: UUID) -> QuestionPair:
        pair = self._pairs.lock(actor, pair_id)
        if pair is None:
            raise NotFoundError("No such pair.")
        return pair

    def _decide(self, actor: Actor, pair: QuestionPair, status: PairStatus, action: AuditAction) -> None:
        pair.status, pair.decided_at, pair.decided_by = status.value, self._now, actor.user_id
        self._session.flush()
        self._audit.record(
            action,
            actor_id=actor.user_id,
            object_type="question_pair",
            object_id=str(pair.id),
            first=str(pair.first_id),
            second=str(pair.second_id),
        )

    def _views(self, actor: Actor, pairs: Sequence[QuestionPair]) -> list[PairView]:
        ids = {each for pair in pairs for each in (pair.first_id, pair.second_id)}
        full = self._questions.full_many(actor, ids)
        return [PairView(pair, full[pair.first_id], full[pair.second_id]) for pair in pairs]
