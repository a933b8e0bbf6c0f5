"""Who let a question into reviews again or dismissed an order of skills may be forgotten"""

from collections.abc import Sequence

from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = (("review_resumptions", "resumed_by"), ("dismissed_prerequisites", "dismissed_by"))


def upgrade() -> None:
    for table, column in COLUMNS:
        op.alter_column(table, column, nullable=True)


def downgrade() -> None:
    """Rows whose person is gone cannot be kept by the former tables."""
    op.execute("DELETE FROM review_resumptions WHERE resumed_by IS NULL")
    op.execute("DELETE FROM dismissed_prerequisites WHERE dismissed_by IS NULL")
    for table, column in COLUMNS:
        op.alter_column(table, column, nullable=False)
