"""Rules of mastery that a teacher picks"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

RULES = "'posterior', 'three_of_last_five', 'eight_of_last_ten', 'ten_in_a_row', 'wilson_bound', 'knowledge_tracing'"


def upgrade() -> None:
    op.add_column(
        "subjects", sa.Column("mastery_rule", sa.String(length=32), server_default="posterior", nullable=False)
    )
    op.create_check_constraint(op.f("ck_subjects_mastery_rule_known"), "subjects", f"mastery_rule IN ({RULES})")
    op.add_column("learner_skill_states", sa.Column("recent", sa.LargeBinary(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("learner_skill_states", "recent")
    op.drop_constraint(op.f("ck_subjects_mastery_rule_known"), "subjects", type_="check")
    op.drop_column("subjects", "mastery_rule")
