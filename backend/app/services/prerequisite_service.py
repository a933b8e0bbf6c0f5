"""Orders of skills that the answers of students suggest, for a teacher to take over or not."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.ai.personalization.prerequisite_proposals import ProposedEdge, propose_prerequisites
from app.core.errors import NotFoundError
from app.domain.permissions import Actor
from app.domain.prerequisites import descendants, find_cycle
from app.models import Skill
from app.repositories.prerequisite_repository import PrerequisiteRepository
from app.repositories.skill_repository import SkillRepository
from app.repositories.subject_repository import SubjectRepository
from app.schemas.prerequisite_proposal import PrerequisitePair, PrerequisiteProposal, PrerequisiteProposals


class PrerequisiteService:
    def __init__(self, session: Session, now: datetime) -> None:
        self.now = now
        self.proposals, self.skills = PrerequisiteRepository(session), SkillRepository(session)
        self.subjects = SubjectRepository(session)

    def propose(self, actor: Actor, subject_id: UUID) -> PrerequisiteProposals:
        """What the answers suggest beyond the prerequisites there are; nothing that would close a circle."""
        if self.subjects.get(actor, subject_id) is None:
            raise NotFoundError("No such subject.")
        skills, present = self.skills.active(subject_id), self.skills.edges(subject_id)
        dismissed = self.proposals.dismissed(subject_id)
        found = []
        for edge in propose_prerequisites(self._mastery(subject_id, skills)):
            earlier, later = skills[edge.earlier], skills[edge.later]
            pair = (earlier.id, later.id)
            is_known = later.id in descendants(present, earlier.id)
            if pair not in dismissed and not is_known and find_cycle([*present, pair]) is None:
                found.append(_read(edge, earlier, later))
        return PrerequisiteProposals(items=found)

    def dismiss(self, actor: Actor, subject_id: UUID, pair: PrerequisitePair) -> PrerequisiteProposals:
        """The pair is not proposed again; dismissing it twice changes nothing."""
        self.require(subject_id, pair)
        self.proposals.dismiss((pair.prerequisite_id, pair.skill_id), actor.user_id, self.now)
        return self.propose(actor, subject_id)

    def require(self, subject_id: UUID, pair: PrerequisitePair) -> None:
        """Raises NotFoundError unless both are skills of the subject."""
        ids = {pair.prerequisite_id, pair.skill_id}
        if len(self.skills.in_subject(subject_id, ids)) != len(ids):
            raise NotFoundError("A skill does not belong to this subject.")

    def _mastery(self, subject_id: UUID, skills: Sequence[Skill]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        """P(mastered) by student and skill, NaN where not practised."""
        rows = self.proposals.mastery(subject_id)
        columns = {skill.id: at for at, skill in enumerate(skills)}
        lines = {user_id: at for at, user_id in enumerate(dict.fromkeys(user_id for user_id, _, _ in rows))}
        mastery = np.full((len(lines), len(columns)), np.nan)
        for user_id, skill_id, value in rows:
            mastery[lines[user_id], columns[skill_id]] = value
        return mastery


def _read(edge: ProposedEdge, earlier: Skill, later: Skill) -> PrerequisiteProposal:
    return PrerequisiteProposal(
        prerequisite_id=earlier.id,
        prerequisite_name=earlier.name,
        skill_id=later.id,
        skill_name=later.name,
        given_later=round(edge.given_later, 3),
        given_earlier=round(edge.given_earlier, 3),
        students=edge.students,
        text=(
            f"{edge.given_later:.0%} of those who have {later.name} have {earlier.name} too, "
            f"but only {edge.given_earlier:.0%} the other way round ({edge.students} students)."
        ),
    )
