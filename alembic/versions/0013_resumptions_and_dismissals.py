"""Reviews that are taken up again, and orders of skills that nobody wants"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "review_resumptions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("resumed_by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_review_resumptions_user_id_users")),
        sa.ForeignKeyConstraint(["resumed_by"], ["users.id"], name=op.f("fk_review_resumptions_resumed_by_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_review_resumptions")),
    )
    op.create_table(
        "dismissed_prerequisites",
        sa.Column("skill_id", sa.Uuid(), nullable=False),
        sa.Column("prerequisite_id", sa.Uuid(), nullable=False),
        sa.Column("dismissed_by", sa.Uuid(), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["skills.id"], name=op.f("fk_dismissed_prerequisites_skill_id_skills"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["prerequisite_id"],
            ["skills.id"],
            name=op.f("fk_dismissed_prerequisites_prerequisite_id_skills"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dismissed_by"], ["users.id"], name=op.f("fk_dismissed_prerequisites_dismissed_by_users")
        ),
        sa.PrimaryKeyConstraint("skill_id", "prerequisite_id", name=op.f("pk_dismissed_prerequisites")),
    )


def downgrade() -> None:
    op.drop_table("dismissed_prerequisites")
    op.drop_table("review_resumptions")
