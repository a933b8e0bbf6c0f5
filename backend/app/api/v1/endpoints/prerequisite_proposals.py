from uuid import UUID

from fastapi import APIRouter

from app.api.deps import ActorDep, PrerequisiteServiceDep, SkillServiceDep, Staff
from app.schemas.prerequisite_proposal import PrerequisitePair, PrerequisiteProposals
from app.schemas.skill import SkillGraph

router = APIRouter(prefix="/subjects/{subject_id}/prerequisite-proposals", tags=["skills"], dependencies=[Staff])


@router.get("")
def list_prerequisite_proposals(
    subject_id: UUID, actor: ActorDep, prerequisites: PrerequisiteServiceDep
) -> PrerequisiteProposals:
    """Orders of skills that the answers suggest, the surest first. They act only once accepted."""
    return prerequisites.propose(actor, subject_id)


@router.post("/accept")
def accept_prerequisite_proposal(
    subject_id: UUID,
    body: PrerequisitePair,
    actor: ActorDep,
    prerequisites: PrerequisiteServiceDep,
    skills: SkillServiceDep,
) -> SkillGraph:
    """Make one skill a prerequisite of the other. Circles are refused, and doing it twice changes nothing."""
    prerequisites.require(subject_id, body)
    return skills.add_prerequisite(actor, body.skill_id, body.prerequisite_id)


@router.post("/dismiss")
def dismiss_prerequisite_proposal(
    subject_id: UUID, body: PrerequisitePair, actor: ActorDep, prerequisites: PrerequisiteServiceDep
) -> PrerequisiteProposals:
    """Do not propose this order again; the reply holds what is still proposed."""
    return prerequisites.dismiss(actor, subject_id, body)
