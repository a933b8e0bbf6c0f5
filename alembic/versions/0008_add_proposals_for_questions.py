"""Add proposals for questions"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "question_proposals",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("origin", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('metadata', 'explanation', 'hints', 'rationale', 'key_check', 'draft_question')",
            name=op.f("ck_question_proposals_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('requested', 'open', 'accepted', 'dismissed', 'confirmed', 'rejected', 'failed')",
            name=op.f("ck_question_proposals_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_question_proposals_decided_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_question_proposals_job_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_question_proposals_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["users.id"], name=op.f("fk_question_proposals_requested_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_question_proposals_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_proposals")),
    )
    op.create_index(op.f("ix_question_proposals_job_id"), "question_proposals", ["job_id"], unique=False)
    op.create_index(op.f("ix_question_proposals_question_id"), "question_proposals", ["question_id"], unique=False)
    op.create_index(
        op.f("ix_question_proposals_subject_id_status_id"),
        "question_proposals",
        ["subject_id", "status", "id"],
        unique=False,
    )
    op.create_index(
        "uq_question_proposals_waiting",
        "question_proposals",
        ["question_id", "kind"],
        unique=True,
        postgresql_where=sa.text("status IN ('requested', 'open')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_question_proposals_waiting",
        table_name="question_proposals",
        postgresql_where=sa.text("status IN ('requested', 'open')"),
    )
    op.drop_index(op.f("ix_question_proposals_subject_id_status_id"), table_name="question_proposals")
    op.drop_index(op.f("ix_question_proposals_question_id"), table_name="question_proposals")
    op.drop_index(op.f("ix_question_proposals_job_id"), table_name="question_proposals")
    op.drop_table("question_proposals")
