"""Authors of versions and keys that are accounts, or nobody any more"""

from collections.abc import Sequence

from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("question_versions", "question_keys")


def upgrade() -> None:
    """Checked without holding up those who write meanwhile; rows of accounts that were erased lose the id first."""
    for table in TABLES:
        name = op.f(f"fk_{table}_created_by_users")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (created_by) REFERENCES users (id)"
            " ON DELETE SET NULL NOT VALID"
        )
        gone = f"created_by IS NOT NULL AND NOT EXISTS (SELECT FROM users WHERE users.id = {table}.created_by)"
        op.execute(f"UPDATE {table} SET created_by = NULL WHERE {gone}")  # noqa: S608  # names of our own
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    for table in TABLES:
        op.drop_constraint(op.f(f"fk_{table}_created_by_users"), table, type_="foreignkey")
