from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, select, true
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.search import SkillProposalStatus
from app.models import SkillProposal
from app.repositories.keyset import Slice


class SkillProposalRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def replace(self, subject_id: UUID, proposals: Sequence[SkillProposal]) -> None:
        """The open proposals of a subject become these; what staff have decided on stays."""
        is_open = (SkillProposal.subject_id == subject_id) & (SkillProposal.status == SkillProposalStatus.OPEN)
        self.session.execute(delete(SkillProposal).where(is_open))
        self.session.add_all(proposals)
        self.session.flush()

    def page(
        self, actor: Actor, *, subject_id: UUID | None, status: SkillProposalStatus, after: UUID | None, limit: int
    ) -> Slice[SkillProposal]:
        statement = select(SkillProposal).where(visible_proposals(actor), SkillProposal.status == status)
        if subject_id is not None:
            statement = statement.where(SkillProposal.subject_id == subject_id)
        if after is not None:
            statement = statement.where(SkillProposal.id > after)
        rows = self.session.scalars(statement.order_by(SkillProposal.id).limit(limit + 1)).all()
        items = list(rows[:limit])
        return Slice(items, str(items[-1].id) if len(rows) > limit else None)

    def lock(self, actor: Actor, proposal_id: UUID) -> SkillProposal | None:
        statement = select(SkillProposal).where(SkillProposal.id == proposal_id, visible_proposals(actor))
        return self.session.scalar(statement.with_for_update())


def visible_proposals(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.is_staff else false()
