from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import AssignmentKind, AttemptAction, Behaviour, GradeState, PracticeMode, SessionStatus
from app.models.base import Base, Json, one_of
from app.utils.ids import new_id


class PracticeSession(Base):
    """One sitting. Every key of the practice tables begins with the user, so they can be partitioned by user.

    `test` holds the `ExamPlan` of a placement or an exam, `deadline_at` when its time is up.
    """

    __tablename__ = "practice_sessions"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        one_of("mode", PracticeMode),
        one_of("behaviour", Behaviour),
        one_of("status", SessionStatus),
        CheckConstraint("target_success BETWEEN 0.5 AND 0.95", name="target_range"),
        CheckConstraint("answered >= 0 AND shown >= 0", name="counts_range"),
        Index(
            "ix_practice_sessions_overdue",
            "deadline_at",
            postgresql_where=text("deadline_at IS NOT NULL AND status <> 'finished'"),
        ),
        Index(
            "ix_practice_sessions_tests",
            "subject_id",
            postgresql_where=text("mode IN ('placement', 'exam')"),
        ),
        {"postgresql_with": {"fillfactor": 80}},
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    id: Mapped[UUID] = mapped_column(default=new_id)
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id"))
    mode: Mapped[str] = mapped_column(String(16))
    behaviour: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default=SessionStatus.ACTIVE)
    skill_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)), default=list)
    question_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID(as_uuid=True)), default=list)
    target_success: Mapped[float]
    length: Mapped[int | None]
    seed: Mapped[int] = mapped_column(BigInteger)
    shown: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    score: Mapped[float] = mapped_column(default=0.0)
    mark: Mapped[float] = mapped_column(default=0.0)
    recent: Mapped[list[float]] = mapped_column(ARRAY(REAL), default=list)
    test: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    deadline_at: Mapped[datetime | None]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class Assignment(Base):
    """One question shown to one student: how it was chosen, and the state of its behaviour."""

    __tablename__ = "assignments"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        ForeignKeyConstraint(["user_id", "session_id"], ["practice_sessions.user_id", "practice_sessions.id"]),
        UniqueConstraint("user_id", "session_id", "position"),
        one_of("kind", AssignmentKind),
        CheckConstraint("propensity > 0 AND propensity <= 1", name="propensity_range"),
        CheckConstraint("predicted >= 0 AND predicted <= 1", name="predicted_range"),
        Index(
            "ix_assignments_pending",
            "id",
            postgresql_where=text("(state ->> 'pending') = 'true' AND finished_at IS NOT NULL"),
        ),
        Index("ix_assignments_exam", "question_id", postgresql_where=text("kind = 'exam'")),
        {"postgresql_with": {"fillfactor": 85}},
    )

    user_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(default=new_id)
    session_id: Mapped[UUID]
    position: Mapped[int]
    question_id: Mapped[UUID]
    version_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(16))
    propensity: Mapped[float]
    predicted: Mapped[float]
    difficulty: Mapped[float]
    item_answers: Mapped[int] = mapped_column(default=0)
    guess: Mapped[float] = mapped_column(default=0.0)
    policy_version: Mapped[str] = mapped_column(String(32))
    model_version: Mapped[int] = mapped_column(default=0)
    terms: Mapped[Json] = mapped_column(default=dict)
    reason: Mapped[Json] = mapped_column(default=dict)
    seed: Mapped[int]
    state: Mapped[Json] = mapped_column(default=dict)
    shown_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class AnswerDraft(Base):
    """What a student has written but not sent yet; it counts when the time of an exam runs out."""

    __tablename__ = "answer_drafts"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "assignment_id"),
        ForeignKeyConstraint(["user_id", "assignment_id"], ["assignments.user_id", "assignments.id"]),
        {"postgresql_with": {"fillfactor": 70}},
    )

    user_id: Mapped[UUID]
    assignment_id: Mapped[UUID]
    response: Mapped[Json]
    saved_at: Mapped[datetime]


class Attempt(Base):
    """One appended step on a shown question. Never updated; its grades are appended beside it.

    `evidence` is the outcome the learner model was told (0 to 1, null = told nothing), `weight` how much it counted,
    and `rating` what the review schedule was told (1 again to 4 easy, null = told nothing).
    `effects` holds the mastery change and the id of the next assignment, so that a resend gets the same reply.
    `model_version` is the one that took in the evidence; the question may have been shown under an earlier one.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "id"),
        UniqueConstraint("user_id", "client_key"),
        ForeignKeyConstraint(["user_id", "assignment_id"], ["assignments.user_id", "assignments.id"]),
        Index("ix_attempts_assignment", "user_id", "assignment_id"),
        Index("ix_attempts_question", "question_id", "id"),
        one_of("action", AttemptAction),
        CheckConstraint("elapsed_ms >= 0", name="elapsed_range"),
        CheckConstraint("evidence IS NULL OR evidence BETWEEN 0 AND 1", name="evidence_range"),
        CheckConstraint("weight BETWEEN 0 AND 1", name="weight_range"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating_range"),
    )

    user_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(default=new_id)
    assignment_id: Mapped[UUID]
    question_id: Mapped[UUID]
    client_key: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(16))
    response: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    certainty: Mapped[int | None]
    elapsed_ms: Mapped[int]
    evidence: Mapped[float | None]
    weight: Mapped[float] = mapped_column(default=1.0)
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    model_version: Mapped[int] = mapped_column(default=0, server_default="0")
    effects: Mapped[Json] = mapped_column(default=dict)
    answered_at: Mapped[datetime]


class AttemptGrade(Base):
    """The n-th grade of an attempt; the highest number is in force.

    `reason` is a person's comment for the student, `correction` why that person changed an earlier grade.
    """

    __tablename__ = "attempt_grades"
    __table_args__ = (
        PrimaryKeyConstraint("user_id", "attempt_id", "number"),
        ForeignKeyConstraint(["user_id", "attempt_id"], ["attempts.user_id", "attempts.id"]),
        one_of("state", GradeState),
        CheckConstraint("fraction BETWEEN 0 AND 1", name="fraction_range"),
        Index("ix_attempt_grades_by_people", "attempt_id", postgresql_where=text("graded_by IS NOT NULL")),
    )

    user_id: Mapped[UUID]
    attempt_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(default=1)
    key_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(16))
    fraction: Mapped[float]
    mark: Mapped[float]
    parts: Mapped[Json] = mapped_column(default=dict)
    graded_by: Mapped[UUID | None]
    graded_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500), default="")
    correction: Mapped[str] = mapped_column(String(500), default="", server_default="")


class DailyActivity(Base):
    __tablename__ = "daily_activity"
    __table_args__ = (PrimaryKeyConstraint("user_id", "day"), {"postgresql_with": {"fillfactor": 70}})

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    day: Mapped[date]
    answers: Mapped[int] = mapped_column(default=0)
    score: Mapped[float] = mapped_column(default=0.0)
    elapsed_ms: Mapped[int] = mapped_column(BigInteger, default=0)
