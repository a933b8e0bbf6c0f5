from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, false, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.domain.question_pairs import PairKind, PairStatus
from app.models import QuestionPair
from app.models.base import Json
from app.repositories.keyset import Slice, cut
from app.utils.ids import new_id


@dataclass(frozen=True, slots=True)
class PairFound:
    """`first_id` is the older question."""

    first_id: UUID
    second_id: UUID
    kind: PairKind
    similarity: float
    details: Json


class QuestionPairRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def replace(self, subject_id: UUID, pairs: Sequence[PairFound], now: datetime) -> int:
        """The open pairs of a subject become these; what staff have decided stays decided. How many are open."""
        kept = {(pair.first_id, pair.second_id, pair.kind.value) for pair in pairs}
        is_open = (QuestionPair.subject_id == subject_id) & (QuestionPair.status == PairStatus.OPEN)
        known = self.session.scalars(select(QuestionPair).where(is_open)).all()
        gone = [pair.id for pair in known if (pair.first_id, pair.second_id, pair.kind) not in kept]
        self.session.execute(delete(QuestionPair).where(QuestionPair.id.in_(gone)))
        for start in range(0, len(pairs), 1_000):
            rows = [_row(subject_id, pair, now) for pair in pairs[start : start + 1_000]]
            self.session.execute(insert(QuestionPair).values(rows).on_conflict_do_nothing())
        return len(self.session.scalars(select(QuestionPair.id).where(is_open)).all())

    def page(
        self,
        actor: Actor,
        *,
        subject_id: UUID | None,
        kinds: Collection[PairKind],
        status: PairStatus,
        after: UUID | None,
        limit: int,
    ) -> Slice[QuestionPair]:
        statement = select(QuestionPair).where(visible_pairs(actor), QuestionPair.status == status)
        if subject_id is not None:
            statement = statement.where(QuestionPair.subject_id == subject_id)
        if kinds:
            statement = statement.where(QuestionPair.kind.in_(kinds))
        if after is not None:
            statement = statement.where(QuestionPair.id > after)
        rows = self.session.scalars(statement.order_by(QuestionPair.id).limit(limit + 1)).all()
        found = cut(rows, limit, lambda row: (str(row.id),))
        return Slice(found.items, str(found.items[-1].id) if found.next_cursor else None)

    def lock(self, actor: Actor, pair_id: UUID) -> QuestionPair | None:
        statement = select(QuestionPair).where(QuestionPair.id == pair_id, visible_pairs(actor)).with_for_update()
        return self.session.scalar(statement)

    def open_with(self, question_id: UUID) -> list[QuestionPair]:
        """Pairs that a question's retirement settles."""
        is_member = (QuestionPair.first_id == question_id) | (QuestionPair.second_id == question_id)
        return list(self.session.scalars(select(QuestionPair).where(is_member, QuestionPair.status == PairStatus.OPEN)))


def visible_pairs(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.is_staff else false()


def _row(subject_id: UUID, pair: PairFound, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "subject_id": subject_id,
        "first_id": pair.first_id,
        "second_id": pair.second_id,
        "kind": pair.kind.value,
        "similarity": pair.similarity,
        "details": pair.details,
        "status": PairStatus.OPEN.value,
        "found_at": now,
    }
