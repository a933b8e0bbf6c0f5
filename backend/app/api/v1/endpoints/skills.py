from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from app.api.deps import ActorDep, AnyUser, Cursor, Limit, SkillRepositoryDep, SkillServiceDep, Staff
from app.api.idempotency import IdempotencyDep
from app.api.v1.endpoints.subjects import Archived
from app.core.errors import NotFoundError
from app.models import Skill
from app.repositories.keyset import Slice
from app.schemas.base import Page
from app.schemas.skill import (
    PrerequisiteCreate,
    PrerequisitesUpdate,
    SkillCreate,
    SkillGraph,
    SkillOrder,
    SkillRead,
    SkillUpdate,
)

router = APIRouter(tags=["skills"])


@router.post(
    "/subjects/{subject_id}/skills", status_code=HTTPStatus.CREATED, response_model=SkillRead, dependencies=[Staff]
)
def create_skill(
    subject_id: UUID, body: SkillCreate, actor: ActorDep, skills: SkillServiceDep, idempotency: IdempotencyDep
) -> Response:
    """Create a skill at the end of the subject's order."""
    return idempotency.once(lambda: skills.create(actor, subject_id, body), SkillRead)


@router.get("/subjects/{subject_id}/skills", response_model=Page[SkillRead], dependencies=[AnyUser])
def list_skills(
    subject_id: UUID,
    actor: ActorDep,
    skills: SkillRepositoryDep,
    *,
    archived: Archived = False,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Slice[Skill]:
    """Skills in the subject's order."""
    return skills.page(actor, subject_id, archived=archived, cursor=cursor, limit=limit)


@router.put("/subjects/{subject_id}/skills/order", response_model=list[SkillRead], dependencies=[Staff])
def reorder_skills(subject_id: UUID, body: SkillOrder, actor: ActorDep, skills: SkillServiceDep) -> list[Skill]:
    """Put the skills of a subject in a new order."""
    return skills.reorder(actor, subject_id, body.skill_ids)


@router.get("/subjects/{subject_id}/skill-graph", dependencies=[AnyUser])
def read_skill_graph(subject_id: UUID, actor: ActorDep, skills: SkillServiceDep) -> SkillGraph:
    """All skills with what must be learned before what."""
    return skills.graph(actor, subject_id)


@router.get("/skills/{skill_id}", response_model=SkillRead, dependencies=[AnyUser])
def read_skill(skill_id: UUID, actor: ActorDep, skills: SkillRepositoryDep) -> Skill:
    """One skill."""
    skill = skills.get(actor, skill_id)
    if skill is None:
        raise NotFoundError("No such skill.")
    return skill


@router.patch("/skills/{skill_id}", response_model=SkillRead, dependencies=[Staff])
def update_skill(skill_id: UUID, body: SkillUpdate, actor: ActorDep, skills: SkillServiceDep) -> Skill:
    """Change some members of a skill."""
    return skills.update(actor, skill_id, body)


@router.post("/skills/{skill_id}/archive", response_model=SkillRead, dependencies=[Staff])
def archive_skill(skill_id: UUID, actor: ActorDep, skills: SkillServiceDep) -> Skill:
    """Hide a skill from students. Nothing is deleted; doing it again changes nothing."""
    return skills.archive(actor, skill_id)


@router.post("/skills/{skill_id}/restore", response_model=SkillRead, dependencies=[Staff])
def restore_skill(skill_id: UUID, actor: ActorDep, skills: SkillServiceDep) -> Skill:
    """Show an archived skill again."""
    return skills.restore(actor, skill_id)


@router.put("/skills/{skill_id}/prerequisites", dependencies=[Staff])
def replace_prerequisites(
    skill_id: UUID, body: PrerequisitesUpdate, actor: ActorDep, skills: SkillServiceDep
) -> SkillGraph:
    """Say what must be learned before a skill. A circle is refused with `prerequisite_cycle` and named in `cycle`."""
    return skills.replace_prerequisites(actor, skill_id, body.prerequisite_ids)


@router.post("/skills/{skill_id}/prerequisites", dependencies=[Staff])
def add_prerequisite(skill_id: UUID, body: PrerequisiteCreate, actor: ActorDep, skills: SkillServiceDep) -> SkillGraph:
    """Add one prerequisite; repeating it changes nothing."""
    return skills.add_prerequisite(actor, skill_id, body.prerequisite_id)


@router.delete("/skills/{skill_id}/prerequisites/{prerequisite_id}", dependencies=[Staff])
def remove_prerequisite(skill_id: UUID, prerequisite_id: UUID, actor: ActorDep, skills: SkillServiceDep) -> SkillGraph:
    """Remove one prerequisite; repeating it changes nothing."""
    return skills.remove_prerequisite(actor, skill_id, prerequisite_id)
