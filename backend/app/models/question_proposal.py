from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import ProposalKind, ProposalStatus
from app.models.base import Json, Record, Timestamped, one_of


class QuestionProposal(Timestamped, Record):
    """Something a program proposes for a question, or a question it proposes; nothing of it holds until accepted.

    `content_hash` is that of the question the proposal was made for. `origin` names the template of the prompt.
    """

    __tablename__ = "question_proposals"
    __table_args__ = (
        one_of("kind", ProposalKind),
        one_of("status", ProposalStatus),
        Index(None, "subject_id", "status", "id"),
        Index(None, "job_id"),
        Index(
            "uq_question_proposals_waiting",
            "question_id",
            "kind",
            unique=True,
            postgresql_where=text("status IN ('requested', 'open') AND kind <> 'essay_grading'"),
        ),
        Index(
            "uq_question_proposals_essays",
            "attempt_user_id",
            "attempt_id",
            unique=True,
            postgresql_where=text("status IN ('requested', 'open')"),
        ),
        ForeignKeyConstraint(
            ["attempt_user_id", "attempt_id"], ["attempts.user_id", "attempts.id"], ondelete="CASCADE"
        ),
    )

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id"))
    question_id: Mapped[UUID | None] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default=ProposalStatus.REQUESTED)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    request: Mapped[Json] = mapped_column(default=dict)
    payload: Mapped[Json | None]
    origin: Mapped[Json] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(String(500), default="")
    attempt_user_id: Mapped[UUID | None]
    attempt_id: Mapped[UUID | None]
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs.id", ondelete="SET NULL"))
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
