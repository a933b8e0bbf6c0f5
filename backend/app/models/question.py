from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import QuestionStatus, QuestionType
from app.models.base import Json, Record, Timestamped, one_of


class Question(Timestamped, Record):
    """The identity of a question. What it says stands in its versions, what answers it in the keys of a version."""

    __tablename__ = "questions"
    __table_args__ = (
        one_of("type", QuestionType),
        one_of("status", QuestionStatus),
        UniqueConstraint("subject_id", "content_hash"),
        Index(
            "uq_questions_external",
            "subject_id",
            "namespace",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_questions_listing", "subject_id", "status", "number"),
        Index("ix_questions_recent", "subject_id", "updated_at", "id"),
        Index("ix_questions_stem_hash", "subject_id", "stem_hash"),
        Index("ix_questions_search", "search", postgresql_using="gin"),
    )

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id"))
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    type: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    namespace: Mapped[str] = mapped_column(String(200), default="")
    external_id: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    content_hash: Mapped[str] = mapped_column(String(64))
    stem_hash: Mapped[str] = mapped_column(String(64))
    stem_text: Mapped[str]
    search: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple', left(stem_text, 20000))", persisted=True), deferred=True
    )
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_jobs.id"), index=True)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[datetime | None]


class QuestionVersion(Record):
    """Immutable once a student has seen it, which `first_shown_at` tells.

    `content` is a `QuestionContent`, `details` what no student needs; its `files` map names to ids of media.
    """

    __tablename__ = "question_versions"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        Index(
            "ix_question_versions_files",
            text("jsonb_path_query_array(details, '$.files.*')"),
            postgresql_using="gin",
            postgresql_where=text("details ? 'files'"),
        ),
    )

    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[Json]
    details: Mapped[Json] = mapped_column(default=dict)
    first_shown_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class QuestionKeyRecord(Record):
    """A key of one version; the highest number is in force. The student's path reads it only to grade."""

    __tablename__ = "question_keys"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    version_id: Mapped[UUID] = mapped_column(ForeignKey("question_versions.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=1)
    key: Mapped[Json]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(500), default="")


class ItemParameter(Record):
    """What the model believes of a question: the row's id is the question's.

    `difficulty` in logits; `answers` counts what the estimate rests on, 0 = a prior only. `counted_residual` is how
    much of the residual sum in `item_statistics` the difficulty has taken in.
    """

    __tablename__ = "item_parameters"
    __table_args__ = (
        CheckConstraint("difficulty BETWEEN -8 AND 8", name="difficulty_range"),
        CheckConstraint("answers >= 0", name="answers_range"),
        CheckConstraint("guess >= 0 AND guess < 1", name="guess_range"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True)
    difficulty: Mapped[float] = mapped_column(default=0.0)
    prior: Mapped[float] = mapped_column(default=0.0)
    answers: Mapped[int] = mapped_column(default=0)
    discrimination: Mapped[float] = mapped_column(default=1.0)
    guess: Mapped[float] = mapped_column(default=0.0)
    counted_residual: Mapped[float] = mapped_column(default=0.0, server_default="0")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
