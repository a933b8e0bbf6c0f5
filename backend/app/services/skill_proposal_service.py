from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, NotFoundError
from app.core.jobs import JobKind
from app.domain.audit import AuditAction
from app.domain.permissions import Actor
from app.domain.search import SkillProposalStatus
from app.models import Job, SkillProposal
from app.repositories.audit_repository import AuditRepository
from app.repositories.job_repository import JobRepository
from app.repositories.keyset import Slice
from app.repositories.question_links import skills_of
from app.repositories.question_repository import QuestionRepository
from app.repositories.skill_proposal_repository import SkillProposalRepository
from app.repositories.subject_repository import SubjectRepository
from app.schemas.question import MAX_BULK, BulkAction, BulkUpdate
from app.schemas.skill_proposal import SkillProposalAccept, SkillProposalQuery
from app.services.job_service import JobService
from app.services.question_status_service import QuestionStatusService
from app.services.skill_service import SkillService

EXAMPLES: Final = 5


class ProposalDecidedError(ConflictError):
    code = "proposal_decided"


@dataclass(frozen=True, slots=True)
class ProposalView:
    """With the questions nearest to the centre of the group."""

    proposal: SkillProposal
    examples: Sequence[str]


class SkillProposalService:
    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._proposals, self._audit = SkillProposalRepository(session), AuditRepository(session)
        self._questions = QuestionRepository(session)

    def begin(self, actor: Actor, subject_id: UUID) -> Job:
        """Look for groups in the background."""
        if SubjectRepository(self._session).get(actor, subject_id) is None:
            raise NotFoundError("No such subject.")
        jobs = JobService(JobRepository(self._session), self._audit)
        return jobs.start(actor, JobKind.PROPOSE_SKILLS, AuditAction.SKILL_PROPOSALS_REQUESTED, subject_id)

    def page(self, actor: Actor, query: SkillProposalQuery) -> Slice[ProposalView]:
        found = self._proposals.page(
            actor, subject_id=query.subject_id, status=query.status, after=query.cursor, limit=query.limit
        )
        return Slice([self._view(actor, each) for each in found.items], found.next_cursor)

    def accept(self, actor: Actor, proposal_id: UUID, body: SkillProposalAccept) -> ProposalView:
        """Make a skill of it and give it the questions that still belong to none.

        Raises:
            ProposalDecidedError: Somebody has decided on it already.
        """
        proposal = self._open(actor, proposal_id)
        name = body.name or proposal.name
        SubjectRepository(self._session).lock(proposal.subject_id)
        skill = SkillService(self._session, self._now).ensure(proposal.subject_id, [name])[name]
        taken = skills_of(self._session, proposal.question_ids)
        free = [each for each in proposal.question_ids if each not in taken]
        status = QuestionStatusService(self._session, self._now)
        for start in range(0, len(free), MAX_BULK):
            ids = free[start : start + MAX_BULK]
            status.change_many(actor, BulkUpdate(action=BulkAction.ADD_SKILL, ids=ids, skill_id=skill.id))
        proposal.skill_id, proposal.name = skill.id, name
        self._decide(actor, proposal, SkillProposalStatus.ACCEPTED, AuditAction.SKILL_PROPOSAL_ACCEPTED)
        return self._view(actor, proposal)

    def dismiss(self, actor: Actor, proposal_id: UUID) -> ProposalView:
        proposal = self._open(actor, proposal_id)
        self._decide(actor, proposal, SkillProposalStatus.DISMISSED, AuditAction.SKILL_PROPOSAL_DISMISSED)
        return self._view(actor, proposal)

    def _open(self, actor: Actor, proposal_id: UUID) -> SkillProposal:
        proposal = self._proposals.lock(actor, proposal_id)
        if proposal is None:
            raise NotFoundError("No such proposal.")
        if proposal.status != SkillProposalStatus.OPEN:
            raise ProposalDecidedError("Somebody has decided on this proposal already.")
        return proposal

    def _decide(self, actor: Actor, proposal: SkillProposal, status: SkillProposalStatus, action: AuditAction) -> None:
        proposal.status, proposal.decided_by = status.value, actor.user_id
        self._session.flush()
        self._audit.record(
            action, actor_id=actor.user_id, object_type="skill_proposal", object_id=str(proposal.id), name=proposal.name
        )

    def _view(self, actor: Actor, proposal: SkillProposal) -> ProposalView:
        nearest = proposal.question_ids[:EXAMPLES]
        full = self._questions.full_many(actor, nearest)
        return ProposalView(proposal, [full[each].question.stem_text for each in nearest if each in full])
