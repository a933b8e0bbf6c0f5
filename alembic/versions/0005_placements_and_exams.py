"""Placements and exams"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MODES = "'adaptive', 'mistakes', 'fixed', 'mixed', 'review'"
ACTIONS = "'answer', 'hint', 'reveal', 'too_easy', 'not_now', 'known', 'close'"
INDEXES = (
    (
        "ix_practice_sessions_overdue",
        "practice_sessions",
        "deadline_at",
        "deadline_at IS NOT NULL AND status <> 'finished'",
    ),
    ("ix_practice_sessions_tests", "practice_sessions", "subject_id", "mode IN ('placement', 'exam')"),
    ("ix_assignments_exam", "assignments", "question_id", "kind = 'exam'"),
)


def upgrade() -> None:
    _allow("practice_sessions", "mode", f"{MODES}, 'placement', 'exam'")
    _allow("attempts", "action", f"{ACTIONS}, 'dont_know'")
    op.add_column("practice_sessions", sa.Column("test", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("practice_sessions", sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("extra_time", sa.Double(), server_default="0", nullable=False))
    op.create_check_constraint(op.f("ck_users_extra_time_range"), "users", "extra_time BETWEEN 0 AND 2")
    op.create_table(
        "answer_drafts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("response", postgresql.JSONB(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id", "assignment_id"],
            ["assignments.user_id", "assignments.id"],
            name=op.f("fk_answer_drafts_user_id_assignments"),
        ),
        sa.PrimaryKeyConstraint("user_id", "assignment_id", name=op.f("pk_answer_drafts")),
        postgresql_with={"fillfactor": 70},
    )
    for name, table, column, where in INDEXES:
        op.create_index(name, table, [column], postgresql_where=sa.text(where))


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table_name=table)
    op.drop_table("answer_drafts")
    op.drop_constraint(op.f("ck_users_extra_time_range"), "users", type_="check")
    op.drop_column("users", "extra_time")
    op.drop_column("practice_sessions", "deadline_at")
    op.drop_column("practice_sessions", "test")
    op.execute("DELETE FROM attempts WHERE action = 'dont_know'")
    _allow("attempts", "action", ACTIONS)
    op.execute("UPDATE practice_sessions SET mode = 'fixed' WHERE mode IN ('placement', 'exam')")
    _allow("practice_sessions", "mode", MODES)


def _allow(table: str, column: str, members: str) -> None:
    """Checked without holding up those who practise meanwhile."""
    name = f"ck_{table}_{column}_known"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({members})) NOT VALID")
    op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
