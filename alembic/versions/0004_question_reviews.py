"""Questions that were read from papers wait for somebody to look at them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "question_reviews",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("key_from", sa.String(length=40), nullable=False),
        sa.Column("regions", JSON, nullable=False),
        sa.Column("crops", JSON, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_question_reviews_confidence_range")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_question_reviews_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_question_reviews_subject_id_subjects")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_jobs.id"], name=op.f("fk_question_reviews_import_id_import_jobs")
        ),
        sa.ForeignKeyConstraint(["accepted_by"], ["users.id"], name=op.f("fk_question_reviews_accepted_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_reviews")),
        sa.UniqueConstraint("question_id", name=op.f("uq_question_reviews_question_id")),
    )
    op.create_index("ix_question_reviews_import", "question_reviews", ["import_id", "id"])
    op.create_index(
        "ix_question_reviews_open",
        "question_reviews",
        ["subject_id", "id"],
        postgresql_where=sa.text("accepted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("question_reviews")
