"""Propose grades of essays"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KINDS = "'metadata', 'explanation', 'hints', 'rationale', 'key_check', 'draft_question'"
WAITS = "status IN ('requested', 'open')"


def upgrade() -> None:
    op.add_column("question_proposals", sa.Column("attempt_user_id", sa.Uuid(), nullable=True))
    op.add_column("question_proposals", sa.Column("attempt_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_question_proposals_attempt_user_id_attempt_id"),
        "question_proposals",
        "attempts",
        ["attempt_user_id", "attempt_id"],
        ["user_id", "id"],
        ondelete="CASCADE",
    )
    _allow(f"{KINDS}, 'essay_grading'")
    _one_waiting(f"{WAITS} AND kind <> 'essay_grading'")
    op.create_index(
        "uq_question_proposals_essays",
        "question_proposals",
        ["attempt_user_id", "attempt_id"],
        unique=True,
        postgresql_where=sa.text(WAITS),
    )


def downgrade() -> None:
    op.execute("DELETE FROM question_proposals WHERE kind = 'essay_grading'")
    op.drop_index("uq_question_proposals_essays", table_name="question_proposals")
    _one_waiting(WAITS)
    _allow(KINDS)
    op.drop_column("question_proposals", "attempt_id")
    op.drop_column("question_proposals", "attempt_user_id")


def _allow(kinds: str) -> None:
    op.drop_constraint(op.f("ck_question_proposals_kind_known"), "question_proposals")
    op.create_check_constraint(op.f("ck_question_proposals_kind_known"), "question_proposals", f"kind IN ({kinds})")


def _one_waiting(condition: str) -> None:
    op.drop_index("uq_question_proposals_waiting", table_name="question_proposals")
    op.create_index(
        "uq_question_proposals_waiting",
        "question_proposals",
        ["question_id", "kind"],
        unique=True,
        postgresql_where=sa.text(condition),
    )
