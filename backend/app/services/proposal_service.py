"""Asking for proposals, and deciding about them. Nothing of a proposal holds before somebody accepts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import JsonValue, ValidationError
from sqlalchemy.orm import Session

from app.core.errors import ConflictError, InvalidInputError, NotFoundError
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.enums import ProposalKind, ProposalStatus
from app.domain.permissions import Actor
from app.domain.proposals import (
    PAYLOADS,
    Change,
    Payload,
    ProposedGrade,
    ProposedQuestion,
    StaleProposalError,
    is_wanted,
)
from app.domain.question_filter import QuestionFilter, QuestionSort
from app.models import Job, QuestionProposal
from app.repositories.audit_repository import AuditRepository
from app.repositories.essay_repository import EssayRepository
from app.repositories.job_repository import JobRepository
from app.repositories.proposal_repository import ListedProposal, ProposalRepository
from app.repositories.question_repository import QuestionRepository
from app.repositories.question_search import QuestionSearch
from app.repositories.subject_repository import SubjectRepository
from app.schemas.essay import EssayGradeCreate
from app.services.essay_service import EssayService
from app.services.llm_errors import LlmNotConfiguredError
from app.services.question_forms import draft_of
from app.services.question_service import Edit, QuestionService

MOST_QUESTIONS: Final = 1_000
CHUNK: Final = 200


class ProposalStateError(ConflictError):
    code = "proposal_state"


class ProposalStaleError(ConflictError):
    code = "proposal_stale"


@dataclass(frozen=True, slots=True)
class Requested:
    """`asked` proposals are being made by `job`; where there is nothing to ask for, there is no job."""

    job: Job | None
    asked: int
    questions: int


class ProposalService:
    def __init__(self, session: Session, now: datetime, *, has_model: bool, essays: EssayService | None = None) -> None:
        self._session, self._now, self._has_model, self._essays = session, now, has_model, essays
        self._proposals, self._jobs = ProposalRepository(session), JobRepository(session)
        self._audit = AuditRepository(session)

    def ask(self, actor: Actor, kinds: Sequence[ProposalKind], question_ids: Sequence[UUID]) -> Requested:
        """For each question the kinds that make sense and do not wait already.

        Raises:
            LlmNotConfiguredError: A kind other than metadata is asked for and there is no language model.
        """
        self._refuse_without_model(kinds)
        chunks = [question_ids[start : start + CHUNK] for start in range(0, len(question_ids), CHUNK)]
        rows = [row for chunk in chunks for row in self._wanted(actor, kinds, chunk)]
        if not rows:
            return Requested(None, 0, len(question_ids))
        job = self._enqueue(actor)
        asked = self._proposals.adopt(job.id, [row["question_id"] for row in rows], kinds)
        asked += self._proposals.request([{**row, "job_id": job.id, "requested_by": actor.user_id} for row in rows])
        self._record_request(actor, job, kinds, asked)
        return Requested(job, asked, len(question_ids))

    def ask_for_all(self, actor: Actor, kinds: Sequence[ProposalKind], wanted: QuestionFilter) -> Requested:
        """The same for the first thousand questions that fit a filter."""
        found = QuestionSearch(self._session).page(
            actor, wanted, QuestionSort.NUMBER, cursor=None, limit=MOST_QUESTIONS
        )
        return self.ask(actor, kinds, [row.question.id for row in found.items])

    def ask_for_drafts(self, actor: Actor, subject_id: UUID, passage: str, count: int) -> Requested:
        """New questions from a passage."""
        kinds = [ProposalKind.DRAFT_QUESTION]
        self._refuse_without_model(kinds)
        if SubjectRepository(self._session).get(actor, subject_id) is None:
            raise NotFoundError("No such subject.")
        job = self._enqueue(actor)
        row = {"subject_id": subject_id, "kind": kinds[0], "request": {"passage": passage}}
        rows = [{**row, "job_id": job.id, "requested_by": actor.user_id}] * count
        asked = self._proposals.request(rows)
        self._record_request(actor, job, kinds, asked)
        return Requested(job, asked, 0)

    def ask_for_gradings(self, actor: Actor, attempt_ids: Sequence[UUID]) -> Requested:
        """Grades of essays that wait for one and whose students the actor may read; others are passed over."""
        kinds = [ProposalKind.ESSAY_GRADING]
        self._refuse_without_model(kinds)
        essays = EssayRepository(self._session).waiting(actor, attempt_ids)
        if not essays:
            return Requested(None, 0, 0)
        job = self._enqueue(actor)
        common = {"kind": kinds[0], "job_id": job.id, "requested_by": actor.user_id}
        rows = [
            {
                "subject_id": essay.subject_id,
                "question_id": essay.question_id,
                "attempt_user_id": essay.user_id,
                "attempt_id": essay.attempt_id,
                **common,
            }
            for essay in essays
        ]
        asked = self._proposals.adopt(job.id, [essay.question_id for essay in essays], kinds)
        asked += self._proposals.request(rows)
        self._record_request(actor, job, kinds, asked)
        return Requested(job, asked, len({essay.question_id for essay in essays}))

    def accept(self, actor: Actor, proposal_id: UUID, edited: dict[str, JsonValue] | None = None) -> ListedProposal:
        """Apply a proposal, or what an editor made of it, as an ordinary edit; accepting twice applies it once.

        Raises:
            ProposalStateError: It waits for no decision.
            ProposalStaleError: The question asks something else now, or its key is another.
        """
        proposal = self._locked(actor, proposal_id)
        if proposal.status != ProposalStatus.ACCEPTED:
            self._refuse_closed(proposal)
            if edited is not None:
                proposal.payload = self._payload(proposal, edited).model_dump(mode="json")
            self._apply(actor, proposal)
            self._decide(actor, proposal, ProposalStatus.ACCEPTED)
            self._record_decision(AuditAction.PROPOSAL_ACCEPTED, actor, proposal, edited=edited is not None)
        return self.read(actor, proposal_id)

    def dismiss(self, actor: Actor, proposal_id: UUID, reason: str) -> ListedProposal:
        proposal = self._locked(actor, proposal_id)
        if proposal.status != ProposalStatus.DISMISSED:
            self._refuse_closed(proposal)
            proposal.note = reason or proposal.note
            self._decide(actor, proposal, ProposalStatus.DISMISSED)
            self._record_decision(AuditAction.PROPOSAL_DISMISSED, actor, proposal)
        return self.read(actor, proposal_id)

    def read(self, actor: Actor, proposal_id: UUID) -> ListedProposal:
        found = self._proposals.get(actor, proposal_id)
        if found is None:
            raise NotFoundError("No such proposal.")
        return found

    def _wanted(self, actor: Actor, kinds: Sequence[ProposalKind], ids: Sequence[UUID]) -> list[dict[str, Any]]:
        found = QuestionRepository(self._session).full_many(actor, ids)
        drafts = {question_id: draft_of(full) for question_id, full in found.items()}
        return [
            {
                "question_id": question_id,
                "subject_id": found[question_id].question.subject_id,
                "content_hash": found[question_id].question.content_hash,
                "kind": kind,
            }
            for question_id in dict.fromkeys(ids)
            if question_id in found
            for kind in kinds
            if is_wanted(kind, drafts[question_id])
        ]

    def _apply(self, actor: Actor, proposal: QuestionProposal) -> None:
        questions = QuestionService(self._session, self._now)
        payload = self._payload(proposal, proposal.payload or {})
        if isinstance(payload, ProposedGrade):
            self._grade(actor, proposal, payload)
        elif isinstance(payload, ProposedQuestion):
            created = questions.create(actor, proposal.subject_id, payload.draft)
            proposal.question_id = created.question.id
            proposal.content_hash = created.question.content_hash
        else:
            self._change(actor, questions, proposal, payload)

    def _change(
        self, actor: Actor, questions: QuestionService, proposal: QuestionProposal, payload: Change
    ) -> None:  # fmt: skip
        if proposal.question_id is None:
            raise ProposalStaleError("The question is gone.")
        full = questions.read(actor, proposal.question_id)
        if full.question.content_hash != proposal.content_hash:
            raise ProposalStaleError("The question has changed since this was proposed. Dismiss it and ask again.")
        try:
            changed = payload.applied_to(draft_of(full))
        except StaleProposalError as error:
            raise ProposalStaleError(str(error)) from error
        after = questions.update(actor, proposal.question_id, Edit(changed, full.question.revision))
        proposal.content_hash = after.question.content_hash

    def _grade(self, actor: Actor, proposal: QuestionProposal, payload: ProposedGrade) -> None:
        """Raises AlreadyGradedError when somebody has graded the essay meanwhile."""
        if self._essays is None or proposal.attempt_id is None:
            raise ProposalStateError("Essays are graded elsewhere.")
        grade = EssayGradeCreate(fraction=payload.fraction, comment=payload.comment)
        self._essays.grade(actor, proposal.attempt_id, grade, self._now)

    def _payload(self, proposal: QuestionProposal, stored: dict[str, Any]) -> Payload:
        try:
            return PAYLOADS[ProposalKind(proposal.kind)].model_validate(stored)
        except ValidationError as error:
            fault = error.errors()[0]
            at = ".".join(str(part) for part in fault["loc"])
            raise InvalidInputError(f"This is no such proposal: {at} {fault['msg']}") from error

    def _locked(self, actor: Actor, proposal_id: UUID) -> QuestionProposal:
        proposal = self._proposals.lock(actor, proposal_id)
        if proposal is None:
            raise NotFoundError("No such proposal.")
        return proposal

    def _refuse_closed(self, proposal: QuestionProposal) -> None:
        if proposal.status != ProposalStatus.OPEN:
            raise ProposalStateError(f"This proposal waits for no decision: it is {proposal.status}.")

    def _refuse_without_model(self, kinds: Sequence[ProposalKind]) -> None:
        if not self._has_model and set(kinds) - {ProposalKind.METADATA}:
            raise LlmNotConfiguredError("No provider of language models is configured; only metadata can be proposed.")

    def _decide(self, actor: Actor, proposal: QuestionProposal, status: ProposalStatus) -> None:
        proposal.status, proposal.decided_by, proposal.decided_at = status, actor.user_id, self._now
        self._session.flush()

    def _enqueue(self, actor: Actor) -> Job:
        job = self._jobs.enqueue(JobKind.MAKE_PROPOSALS, owner_id=actor.user_id, actor_id=str(actor.user_id))
        self._session.refresh(job)
        return job

    def _record_request(self, actor: Actor, job: Job, kinds: Sequence[ProposalKind], asked: int) -> None:
        self._audit.record(
            AuditAction.PROPOSALS_REQUESTED,
            actor_id=actor.user_id,
            object_type="job",
            object_id=str(job.id),
            kinds=[kind.value for kind in kinds],
            asked=asked,
        )

    def _record_decision(
        self, action: AuditAction, actor: Actor, proposal: QuestionProposal, **details: object
    ) -> None:
        self._audit.record(
            action,
            actor_id=actor.user_id,
            object_type="proposal",
            object_id=str(proposal.id),
            kind=proposal.kind,
            question_id=str(proposal.question_id or ""),
            **details,
        )
