"""Keep fitted models with their files, and what each replaced"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("model_versions", sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("model_versions", sa.Column("replaced", sa.SmallInteger(), nullable=True))
    op.create_table(
        "model_files",
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["model_versions.number"],
            name=op.f("fk_model_files_number"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_model_files")),
    )


def downgrade() -> None:
    op.drop_table("model_files")
    op.drop_column("model_versions", "replaced")
    op.drop_column("model_versions", "promoted_at")
