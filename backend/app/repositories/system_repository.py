"""Figures about the whole installation, for administrators."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.enums import JobStatus, UserStatus
from app.models import Job, Media, Question, User


class SystemRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def database(self) -> tuple[str, str, int]:
        """Version of the server, revision of the tables, size in bytes."""
        row = self.session.execute(
            text(
                "SELECT current_setting('server_version'), (SELECT version_num FROM alembic_version), "
                "pg_database_size(current_database())"
            )
        ).one()
        return row[0], row[1], row[2]

    def files(self) -> tuple[int, int]:
        """How many pictures are stored, and their size in bytes."""
        row = self.session.execute(select(func.count(), func.coalesce(func.sum(Media.size), 0))).one()
        return row[0], int(row[1])

    def jobs_by_status(self) -> dict[str, int]:
        return self._counts(Job.status)

    def waiting_since(self, now: datetime) -> datetime | None:
        waiting = (Job.status == JobStatus.QUEUED, Job.run_after <= now)
        return self.session.scalar(select(func.min(Job.created_at)).where(*waiting))

    def jobs_failed_since(self, moment: datetime) -> int:
        failed = (Job.status == JobStatus.FAILED, Job.finished_at >= moment)
        return self.session.scalar(select(func.count()).select_from(Job).where(*failed)) or 0

    def active_users_by_role(self) -> dict[str, int]:
        return self._counts(User.role, User.status == UserStatus.ACTIVE)

    def questions_by_status(self) -> dict[str, int]:
        return self._counts(Question.status)

    def _counts(self, column: InstrumentedAttribute[str], *conditions: ColumnElement[bool]) -> dict[str, int]:
        statement = select(column, func.count()).where(*conditions).group_by(column).order_by(column)
        return {row[0]: row[1] for row in self.session.execute(statement)}
