"""Find the versions of questions that refer to a file"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_question_versions_files",
        "question_versions",
        [sa.text("jsonb_path_query_array(details, '$.files.*')")],
        postgresql_using="gin",
        postgresql_where=sa.text("details ? 'files'"),
    )


def downgrade() -> None:
    op.drop_index("ix_question_versions_files", table_name="question_versions")
