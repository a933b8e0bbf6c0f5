import re
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy.orm import Session

from app.core.errors import ConflictError, InvalidInputError, NotFoundError
from app.domain.audit import AuditAction
from app.domain.permissions import Actor
from app.domain.prerequisites import describe_cycle, find_cycle
from app.models import Skill, Subject
from app.repositories.audit_repository import AuditRepository
from app.repositories.skill_repository import SkillRepository
from app.repositories.subject_repository import SubjectRepository
from app.schemas.skill import SkillCreate, SkillEdge, SkillGraph, SkillNode, SkillUpdate
from app.services.subject_service import DuplicateCodeError

MAX_CODE = 64
_NO_CODE = re.compile(r"[^a-z0-9]+")


class CyclicPrerequisitesError(ConflictError):
    code = "prerequisite_cycle"


class SkillService:
    """Every change holds the lock of the subject's row, so that no two of them can close a circle together."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._subjects, self._skills = SubjectRepository(session), SkillRepository(session)
        self._audit = AuditRepository(session)

    def create(self, actor: Actor, subject_id: UUID, body: SkillCreate) -> Skill:
        self._lock(subject_id)
        self._refuse_taken(subject_id, body.code, body.name)
        skill = self._add(subject_id, body.code, body.name, body.description)
        self._replace(skill, body.prerequisite_ids)
        self._changed(AuditAction.SKILL_CREATED, actor, skill)
        return skill

    def update(self, actor: Actor, skill_id: UUID, body: SkillUpdate) -> Skill:
        skill = self._locked(actor, skill_id)
        changes = body.model_dump(exclude_none=True)
        self._refuse_taken(
            skill.subject_id, changes.get("code", skill.code), changes.get("name", skill.name), other_than=skill.id
        )
        for name, value in changes.items():
            setattr(skill, name, value)
        self._changed(AuditAction.SKILL_UPDATED, actor, skill, fields=sorted(changes))
        return skill

    def archive(self, actor: Actor, skill_id: UUID) -> Skill:
        """Hides the skill; its questions, prerequisites and what students learned of it stay."""
        skill = self._locked(actor, skill_id)
        if skill.archived_at is None:
            skill.archived_at = self._now
            self._changed(AuditAction.SKILL_ARCHIVED, actor, skill)
        return skill

    def restore(self, actor: Actor, skill_id: UUID) -> Skill:
        skill = self._locked(actor, skill_id)
        if skill.archived_at is not None:
            skill.archived_at = None
            self._changed(AuditAction.SKILL_RESTORED, actor, skill)
        return skill

    def reorder(self, actor: Actor, subject_id: UUID, skill_ids: Sequence[UUID]) -> list[Skill]:
        self._lock(subject_id)
        skills = {skill.id: skill for skill in self._skills.active(subject_id)}
        if len(skill_ids) != len(skills) or set(skill_ids) != set(skills):
            raise InvalidInputError("Name every skill of the subject that is not archived exactly once.")
        for position, skill_id in enumerate(skill_ids):
            skills[skill_id].position = position
        self._subjects.bump_content(subject_id)
        self._audit.record(
            AuditAction.SKILLS_REORDERED, actor_id=actor.user_id, object_type="subject", object_id=str(subject_id)
        )
        return [skills[skill_id] for skill_id in skill_ids]

    def add_prerequisite(self, actor: Actor, skill_id: UUID, prerequisite_id: UUID) -> SkillGraph:
        skill = self._locked(actor, skill_id)
        present = self._prerequisites(skill)
        if prerequisite_id not in present:
            self._set_prerequisites(actor, skill, [*present, prerequisite_id])
        return self._graph(skill.subject_id)

    def remove_prerequisite(self, actor: Actor, skill_id: UUID, prerequisite_id: UUID) -> SkillGraph:
        skill = self._locked(actor, skill_id)
        present = self._prerequisites(skill)
        if prerequisite_id in present:
            self._set_prerequisites(actor, skill, [each for each in present if each != prerequisite_id])
        return self._graph(skill.subject_id)

    def replace_prerequisites(self, actor: Actor, skill_id: UUID, prerequisite_ids: Sequence[UUID]) -> SkillGraph:
        skill = self._locked(actor, skill_id)
        self._set_prerequisites(actor, skill, prerequisite_ids)
        return self._graph(skill.subject_id)

    def graph(self, actor: Actor, subject_id: UUID) -> SkillGraph:
        if self._subjects.get(actor, subject_id) is None:
            raise NotFoundError("No such subject.")
        return self._graph(subject_id)

    def ensure(self, subject_id: UUID, names: Collection[str]) -> dict[str, Skill]:
        """The skill of each name, made where there is none yet. The caller holds the lock of the subject."""
        known = self._skills.named(subject_id, names)
        for name in names:
            if name not in known:
                known[name] = self._add(subject_id, self._free_code(subject_id, name), name)
        return known

    def _lock(self, subject_id: UUID) -> Subject:
        subject = self._subjects.lock(subject_id)
        if subject is None:
            raise NotFoundError("No such subject.")
        return subject

    def _locked(self, actor: Actor, skill_id: UUID) -> Skill:
        skill = self._skills.get(actor, skill_id)
        if skill is None:
            raise NotFoundError("No such skill.")
        self._lock(skill.subject_id)
        self._session.refresh(skill)
        return skill

    def _add(self, subject_id: UUID, code: str, name: str, description: str = "") -> Skill:
        position = self._skills.next_position(subject_id)
        skill = Skill(subject_id=subject_id, code=code, name=name, description=description, position=position)
        self._session.add(skill)
        self._session.flush()
        return skill

    def _free_code(self, subject_id: UUID, name: str) -> str:
        stem = _NO_CODE.sub("-", name.lower()).strip("-")[: MAX_CODE - 6] or "skill"
        code, number = stem, 1
        while self._skills.find_taken(subject_id, code, code) is not None:
            number += 1
            code = f"{stem}-{number}"
        return code

    def _refuse_taken(self, subject_id: UUID, code: str, name: str, *, other_than: UUID | None = None) -> None:
        taken = self._skills.find_taken(subject_id, code, name, other_than=other_than)
        if taken is not None:
            raise DuplicateCodeError(f"The skill {taken.name} ({taken.code}) has this code or name already.")

    def _prerequisites(self, skill: Skill) -> list[UUID]:
        return [before for before, after in self._skills.edges(skill.subject_id) if after == skill.id]

    def _set_prerequisites(self, actor: Actor, skill: Skill, prerequisite_ids: Sequence[UUID]) -> None:
        self._replace(skill, prerequisite_ids)
        self._changed(AuditAction.PREREQUISITES_CHANGED, actor, skill, prerequisites=[str(x) for x in prerequisite_ids])

    def _replace(self, skill: Skill, prerequisite_ids: Sequence[UUID]) -> None:
        wanted = list(dict.fromkeys(prerequisite_ids))
        if not wanted and not self._prerequisites(skill):
            return
        known = self._skills.in_subject(skill.subject_id, wanted)
        if any(each not in known for each in wanted):
            raise NotFoundError("A prerequisite is no skill of this subject.")
        others = [edge for edge in self._skills.edges(skill.subject_id) if edge[1] != skill.id]
        self._refuse_cycle(skill.subject_id, [*others, *((each, skill.id) for each in wanted)])
        self._skills.replace_prerequisites(skill.id, wanted)

    def _refuse_cycle(self, subject_id: UUID, edges: Sequence[tuple[UUID, UUID]]) -> None:
        cycle = find_cycle(edges)
        if cycle is None:
            return
        skills = self._skills.in_subject(subject_id, cycle)
        members: list[JsonValue] = [{"id": str(each), "name": skills[each].name} for each in cycle]
        raise CyclicPrerequisitesError(
            describe_cycle(cycle, lambda skill_id: skills[skill_id].name), extra={"cycle": members}
        )

    def _graph(self, subject_id: UUID) -> SkillGraph:
        skills = self._skills.active(subject_id)
        shown = {skill.id for skill in skills}
        edges = [edge for edge in self._skills.edges(subject_id) if shown.issuperset(edge)]
        return SkillGraph(
            nodes=[SkillNode.model_validate(skill) for skill in skills],
            edges=[SkillEdge(prerequisite_id=before, skill_id=after) for before, after in edges],
        )

    def _changed(self, action: AuditAction, actor: Actor, skill: Skill, **details: object) -> None:
        self._session.flush()
        self._subjects.bump_content(skill.subject_id)
        self._audit.record(action, actor_id=actor.user_id, object_type="skill", object_id=str(skill.id), **details)
