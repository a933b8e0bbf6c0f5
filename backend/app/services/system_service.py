from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.enums import JobStatus, QuestionStatus, Role
from app.repositories.system_repository import SystemRepository
from app.schemas.system import SystemDatabase, SystemFiles, SystemJobs, SystemRead


class SystemService:
    def __init__(self, session: Session, now: datetime) -> None:
        self._figures, self._now = SystemRepository(session), now

    def read(self, *, version: str, free_bytes: int | None) -> SystemRead:
        server, migration, size = self._figures.database()
        count, stored = self._figures.files()
        return SystemRead(
            version=version,
            database=SystemDatabase(version=server, migration=migration, size=size),
            files=SystemFiles(count=count, stored=stored, free=free_bytes),
            jobs=self._jobs(),
            users={Role(role): found for role, found in self._figures.active_users_by_role().items()},
            questions={QuestionStatus(name): found for name, found in self._figures.questions_by_status().items()},
        )

    def _jobs(self) -> SystemJobs:
        return SystemJobs(
            statuses={JobStatus(name): found for name, found in self._figures.jobs_by_status().items()},
            waiting_since=self._figures.waiting_since(self._now),
            failed_last_day=self._figures.jobs_failed_since(self._now - timedelta(days=1)),
        )
