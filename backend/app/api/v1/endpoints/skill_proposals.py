from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.deps import ActorDep, SkillProposalServiceDep, Staff
from app.api.idempotency import IdempotencyDep
from app.schemas.base import Page
from app.schemas.job import JobRead
from app.schemas.skill_proposal import SkillProposalAccept, SkillProposalQuery, SkillProposalRead
from app.services.skill_proposal_views import proposal_page, proposal_read

router = APIRouter(tags=["skills"], dependencies=[Staff])


@router.post("/subjects/{subject_id}/skill-proposals", status_code=HTTPStatus.ACCEPTED, response_model=JobRead)
def propose_skills(
    subject_id: UUID, actor: ActorDep, proposals: SkillProposalServiceDep, idempotency: IdempotencyDep
) -> Response:
    """Look for groups among the questions that belong to no skill. Open proposals of before are replaced."""
    return idempotency.once(lambda: proposals.begin(actor, subject_id), JobRead, HTTPStatus.ACCEPTED)


@router.get("/skill-proposals")
def list_proposals(
    query: Annotated[SkillProposalQuery, Query()], actor: ActorDep, proposals: SkillProposalServiceDep
) -> Page[SkillProposalRead]:
    """Groups of questions that may become skills, the largest first."""
    return proposal_page(proposals.page(actor, query))


@router.post("/skill-proposals/{proposal_id}/accept")
def accept_proposal(
    proposal_id: UUID, body: SkillProposalAccept, actor: ActorDep, proposals: SkillProposalServiceDep
) -> SkillProposalRead:
    """Make a skill of the group, under a name of your own if you like."""
    return proposal_read(proposals.accept(actor, proposal_id, body))


@router.post("/skill-proposals/{proposal_id}/dismiss")
def dismiss_proposal(proposal_id: UUID, actor: ActorDep, proposals: SkillProposalServiceDep) -> SkillProposalRead:
    """Make nothing of it."""
    return proposal_read(proposals.dismiss(actor, proposal_id))
