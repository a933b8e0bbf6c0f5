"""Sketches of what questions mean"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Rows without a sketch are behind, so the next run of the index fills them from the vectors that are kept."""
    op.add_column("search_documents", sa.Column("sketch", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("search_documents", "sketch")
