from app.repositories.keyset import Slice
from app.schemas.base import Page
from app.schemas.skill_proposal import SkillProposalRead
from app.services.skill_proposal_service import ProposalView


def proposal_page(found: Slice[ProposalView]) -> Page[SkillProposalRead]:
    return Page(items=[proposal_read(view) for view in found.items], next_cursor=found.next_cursor)


def proposal_read(view: ProposalView) -> SkillProposalRead:
    proposal = view.proposal
    return SkillProposalRead(
        id=proposal.id,
        subject_id=proposal.subject_id,
        name=proposal.name,
        terms=proposal.terms,
        questions=len(proposal.question_ids),
        examples=list(view.examples),
        cohesion=round(proposal.cohesion, 4),
        status=proposal.status,
        skill_id=proposal.skill_id,
    )
