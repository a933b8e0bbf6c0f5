"""Record and limit the use of language models"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "llm_usage",
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("flow", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("tokens_thinking", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=14, scale=6), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('reserved', 'succeeded', 'auth', 'rate_limited', 'overloaded', 'timeout', 'invalid_output', 'blocked', 'refused', 'unsupported', 'cancelled', 'abandoned')",
            name=op.f("ck_llm_usage_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_llm_usage_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_llm_usage")),
    )
    op.create_index(op.f("ix_llm_usage_created_at"), "llm_usage", ["created_at"], unique=False)
    op.create_index(
        "ix_llm_usage_reserved",
        "llm_usage",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("outcome = 'reserved'"),
    )
    op.create_index(op.f("ix_llm_usage_user_id_created_at"), "llm_usage", ["user_id", "created_at"], unique=False)
    op.create_table(
        "usage_counters",
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.Numeric(precision=14, scale=6), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("period IN ('day', 'month')", name=op.f("ck_usage_counters_period_known")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_usage_counters_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_counters")),
        sa.UniqueConstraint(
            "user_id",
            "period",
            "starts_on",
            name=op.f("uq_usage_counters_user_id_period_starts_on"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "usage_limits",
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("day_tokens", sa.BigInteger(), nullable=True),
        sa.Column("month_tokens", sa.BigInteger(), nullable=True),
        sa.Column("day_cost", sa.Numeric(precision=14, scale=6), nullable=True),
        sa.Column("month_cost", sa.Numeric(precision=14, scale=6), nullable=True),
        sa.Column("requests_per_minute", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(role IS NOT NULL) = (scope = 'role') AND (user_id IS NOT NULL) = (scope = 'user')",
            name=op.f("ck_usage_limits_scope_fits"),
        ),
        sa.CheckConstraint("role IN ('student', 'teacher', 'admin')", name=op.f("ck_usage_limits_role_known")),
        sa.CheckConstraint("scope IN ('organisation', 'role', 'user')", name=op.f("ck_usage_limits_scope_known")),
        sa.CheckConstraint(
            "day_tokens >= 0 AND month_tokens >= 0 AND day_cost >= 0 AND month_cost >= 0 AND requests_per_minute >= 1",
            name=op.f("ck_usage_limits_limits_range"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_usage_limits_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_limits")),
        sa.UniqueConstraint(
            "scope",
            "role",
            "user_id",
            name=op.f("uq_usage_limits_scope_role_user_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_usage_limits_user_id"), "usage_limits", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_usage_limits_user_id"), table_name="usage_limits")
    op.drop_table("usage_limits")
    op.drop_table("usage_counters")
    op.drop_index(op.f("ix_llm_usage_user_id_created_at"), table_name="llm_usage")
    op.drop_index("ix_llm_usage_reserved", table_name="llm_usage", postgresql_where=sa.text("outcome = 'reserved'"))
    op.drop_index(op.f("ix_llm_usage_created_at"), table_name="llm_usage")
    op.drop_table("llm_usage")
