"""Grades that are corrected, with the reason"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ACTIONS = "'answer', 'hint', 'reveal', 'too_easy', 'not_now', 'known', 'dont_know', 'close', 'graded'"


def upgrade() -> None:
    _allow(f"{ACTIONS}, 'regraded'")
    op.add_column("attempt_grades", sa.Column("correction", sa.String(length=500), server_default="", nullable=False))
    op.create_index(
        "ix_attempt_grades_by_people",
        "attempt_grades",
        ["attempt_id"],
        postgresql_where=sa.text("graded_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_attempt_grades_by_people", table_name="attempt_grades")
    op.drop_column("attempt_grades", "correction")
    op.execute("DELETE FROM attempts WHERE action = 'regraded'")
    _allow(ACTIONS)


def _allow(members: str) -> None:
    """Checked without holding up those who practise meanwhile."""
    op.execute("ALTER TABLE attempts DROP CONSTRAINT ck_attempts_action_known")
    op.execute(f"ALTER TABLE attempts ADD CONSTRAINT ck_attempts_action_known CHECK (action IN ({members})) NOT VALID")
    op.execute("ALTER TABLE attempts VALIDATE CONSTRAINT ck_attempts_action_known")
