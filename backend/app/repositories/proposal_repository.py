from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.enums import JobStatus, ProposalKind, ProposalStatus
from app.domain.permissions import Actor
from app.models import Job, Question, QuestionProposal, User
from app.repositories.keyset import Slice
from app.repositories.student_repository import readable_students
from app.utils.ids import new_id

ROWS_A_STATEMENT: Final = 500


@dataclass(frozen=True, slots=True)
class ProposalFilter:
    """Empty members do not narrow."""

    subject_id: UUID | None = None
    question_id: UUID | None = None
    job_id: UUID | None = None
    kinds: tuple[ProposalKind, ...] = ()
    statuses: tuple[ProposalStatus, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedProposal:
    """`stem` and `number` are of the question as it is now; `is_stale`: it asks, or its key says, something else."""

    proposal: QuestionProposal
    number: int | None
    stem: str
    is_stale: bool


class ProposalRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def request(self, rows: Sequence[dict[str, Any]]) -> int:
        """Write requests; one that waits already for the same question is not written again. The number of the new."""
        defaults = {"status": ProposalStatus.REQUESTED, "content_hash": "", "request": {}, "origin": {}, "note": ""}
        written = 0
        for start in range(0, len(rows), ROWS_A_STATEMENT):
            values = [{**defaults, "id": new_id(), **row} for row in rows[start : start + ROWS_A_STATEMENT]]
            statement = insert(QuestionProposal).values(values).on_conflict_do_nothing()
            written += len(self.session.scalars(statement.returning(QuestionProposal.id)).all())
        return written

    def requested(self, job_id: UUID) -> list[UUID]:
        """What a job has still to do, in the order it was asked for."""
        statement = select(QuestionProposal.id).where(
            QuestionProposal.job_id == job_id, QuestionProposal.status == ProposalStatus.REQUESTED
        )
        return list(self.session.scalars(statement.order_by(QuestionProposal.id)))

    def lock_requested(self, proposal_id: UUID) -> QuestionProposal | None:
        return self._locked(QuestionProposal.id == proposal_id, QuestionProposal.status == ProposalStatus.REQUESTED)

    def lock(self, actor: Actor, proposal_id: UUID) -> QuestionProposal | None:
        return self._locked(QuestionProposal.id == proposal_id, visible_proposals(actor))

    def get(self, actor: Actor, proposal_id: UUID) -> ListedProposal | None:
        found = self._listed([QuestionProposal.id == proposal_id, visible_proposals(actor)], limit=1)
        return found[0] if found else None

    def page(self, actor: Actor, wanted: ProposalFilter, *, before: UUID | None, limit: int) -> Slice[ListedProposal]:
        """Newest first."""
        conditions = [visible_proposals(actor), *_conditions(wanted)]
        if before is not None:
            conditions.append(QuestionProposal.id < before)
        rows = self._listed(conditions, limit=limit + 1)
        return Slice(rows[:limit], str(rows[limit - 1].proposal.id) if len(rows) > limit else None)

    def adopt(self, job_id: UUID, question_ids: Collection[UUID], kinds: Collection[ProposalKind]) -> int:
        """Take over requests whose own job has ended without them; their number."""
        ended = select(Job.id).where(Job.status.in_([JobStatus.CANCELLED, JobStatus.FAILED, JobStatus.SUCCEEDED]))
        orphaned = update(QuestionProposal).where(
            QuestionProposal.status == ProposalStatus.REQUESTED,
            QuestionProposal.question_id.in_(question_ids),
            QuestionProposal.kind.in_(kinds),
            QuestionProposal.job_id.is_(None) | QuestionProposal.job_id.in_(ended),
        )
        return len(self.session.execute(orphaned.values(job_id=job_id).returning(QuestionProposal.id)).all())

    def _locked(self, *conditions: ColumnElement[bool]) -> QuestionProposal | None:
        statement = select(QuestionProposal).where(*conditions).with_for_update()
        return self.session.scalar(statement.execution_options(populate_existing=True))

    def _listed(self, conditions: Collection[ColumnElement[bool]], *, limit: int) -> list[ListedProposal]:
        statement = (
            select(QuestionProposal, Question.number, Question.stem_text, Question.content_hash)
            .outerjoin(Question, Question.id == QuestionProposal.question_id)
            .where(*conditions)
            .order_by(QuestionProposal.id.desc())
            .limit(limit)
        )
        return [
            ListedProposal(
                row.QuestionProposal,
                row.number,
                row.stem_text or "",
                bool(row.QuestionProposal.content_hash and row.content_hash != row.QuestionProposal.content_hash),
            )
            for row in self.session.execute(statement)
        ]


def visible_proposals(actor: Actor) -> ColumnElement[bool]:
    """Those about an essay only for whoever may read its student."""
    if not actor.is_staff:
        return false()
    students = exists().where(User.id == QuestionProposal.attempt_user_id, readable_students(actor))
    return QuestionProposal.attempt_user_id.is_(None) | students


def _conditions(wanted: ProposalFilter) -> list[ColumnElement[bool]]:
    conditions = [
        getattr(QuestionProposal, name) == value
        for name in ("subject_id", "question_id", "job_id")
        if (value := getattr(wanted, name)) is not None
    ]
    if wanted.kinds:
        conditions.append(QuestionProposal.kind.in_(wanted.kinds))
    if wanted.statuses:
        conditions.append(QuestionProposal.status.in_(wanted.statuses))
    return conditions
