"""Costs that nobody knows are told apart from costs of zero"""

from collections.abc import Sequence

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.alter_column("llm_usage", "cost", nullable=True)


def downgrade() -> None:
    op.execute("UPDATE llm_usage SET cost = 0 WHERE cost IS NULL")
    op.alter_column("llm_usage", "cost", nullable=False)
