from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import MasteryRuleName
from app.models.base import Base, Record, Timestamped, one_of


class Subject(Timestamped, Record):
    """`content_revision` grows with every change that can alter which questions may be shown or how hard they are."""

    __tablename__ = "subjects"
    __table_args__ = (one_of("mastery_rule", MasteryRuleName),)

    code: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(35), default="en")
    mastery_rule: Mapped[str] = mapped_column(
        String(32), default=MasteryRuleName.POSTERIOR, server_default=MasteryRuleName.POSTERIOR
    )
    content_revision: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    archived_at: Mapped[datetime | None]


class Skill(Timestamped, Record):
    """Question files name skills by `name`, so it is as unique within the subject as `code`."""

    __tablename__ = "skills"
    __table_args__ = (
        UniqueConstraint("subject_id", "code"),
        Index("uq_skills_name", "subject_id", text("lower(name)"), unique=True),
    )

    subject_id: Mapped[UUID] = mapped_column(ForeignKey("subjects.id"))
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]


class SkillPrerequisite(Timestamped, Record):
    """`prerequisite_id` is to be learned before `skill_id`; together the rows form a DAG."""

    __tablename__ = "skill_prerequisites"
    __table_args__ = (
        UniqueConstraint("skill_id", "prerequisite_id"),
        CheckConstraint("skill_id <> prerequisite_id", name="not_itself"),
    )

    skill_id: Mapped[UUID] = mapped_column(ForeignKey("skills.id", ondelete="CASCADE"))
    prerequisite_id: Mapped[UUID] = mapped_column(ForeignKey("skills.id", ondelete="CASCADE"), index=True)


class DismissedPrerequisite(Base):
    """An order of two skills that was proposed from answers and that a teacher did not want."""

    __tablename__ = "dismissed_prerequisites"
    __table_args__ = (PrimaryKeyConstraint("skill_id", "prerequisite_id"),)

    skill_id: Mapped[UUID] = mapped_column(ForeignKey("skills.id", ondelete="CASCADE"))
    prerequisite_id: Mapped[UUID] = mapped_column(ForeignKey("skills.id", ondelete="CASCADE"))
    dismissed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    dismissed_at: Mapped[datetime]
