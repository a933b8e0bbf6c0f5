"""Forgetting curves of single students"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OUTCOMES = "'own', 'standard', 'kept', 'too_few', 'uniform', 'failed'"


def upgrade() -> None:
    op.create_table(
        "review_fits",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("parameters", postgresql.ARRAY(sa.Double()), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("held_out", sa.Integer(), nullable=False),
        sa.Column("log_loss", sa.Double(), nullable=True),
        sa.Column("present_log_loss", sa.Double(), nullable=True),
        sa.Column("standard_log_loss", sa.Double(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"outcome IN ({OUTCOMES})", name=op.f("ck_review_fits_outcome_known")),
        sa.CheckConstraint(
            "(outcome = 'own') = (parameters IS NOT NULL)", name=op.f("ck_review_fits_parameters_known")
        ),
        sa.CheckConstraint(
            "cardinality(parameters) = 21 AND 'NaN' <> ALL (parameters)", name=op.f("ck_review_fits_parameters_valid")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_review_fits_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_review_fits")),
    )
    op.add_column("learner_states", sa.Column("review_parameters", postgresql.ARRAY(sa.Double()), nullable=True))
    op.execute(
        "ALTER TABLE learner_states ADD CONSTRAINT ck_learner_states_review_parameters_valid"
        " CHECK (cardinality(review_parameters) = 21 AND 'NaN' <> ALL (review_parameters)) NOT VALID"
    )
    op.execute("ALTER TABLE learner_states VALIDATE CONSTRAINT ck_learner_states_review_parameters_valid")


def downgrade() -> None:
    op.drop_column("learner_states", "review_parameters")
    op.drop_table("review_fits")
