"""Turn flashcards, and report questions"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ACTIONS = "'answer', 'hint', 'too_easy', 'not_now', 'known', 'close'"


def upgrade() -> None:
    _allow_actions(f"{ACTIONS}, 'reveal'")
    op.create_table(
        "question_reports",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('wrong_answer', 'unclear', 'typo', 'missing_media', 'off_topic', 'other')",
            name=op.f("ck_question_reports_reason_known"),
        ),
        sa.CheckConstraint("status IN ('open', 'fixed', 'dismissed')", name=op.f("ck_question_reports_status_known")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_reports_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_question_reports_user_id_users")),
        sa.ForeignKeyConstraint(["resolved_by"], ["users.id"], name=op.f("fk_question_reports_resolved_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_reports")),
    )
    op.create_index("ix_question_reports_question", "question_reports", ["question_id", "id"])
    op.create_index("ix_question_reports_status", "question_reports", ["status", "id"])
    op.create_index(
        "uq_question_reports_open",
        "question_reports",
        ["user_id", "question_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )


def downgrade() -> None:
    op.drop_table("question_reports")
    op.execute("DELETE FROM attempts WHERE action = 'reveal'")
    _allow_actions(ACTIONS)


def _allow_actions(members: str) -> None:
    """Checked without holding up those who practise meanwhile."""
    op.execute("ALTER TABLE attempts DROP CONSTRAINT ck_attempts_action_known")
    op.execute(f"ALTER TABLE attempts ADD CONSTRAINT ck_attempts_action_known CHECK (action IN ({members})) NOT VALID")
    op.execute("ALTER TABLE attempts VALIDATE CONSTRAINT ck_attempts_action_known")
