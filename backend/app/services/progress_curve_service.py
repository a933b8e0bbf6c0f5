"""What plots of a student's progress need."""

from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.repositories.practice_repository import PracticeRepository
from app.repositories.progress_repository import ProgressRepository
from app.schemas.learning import CurveDay, MasteryPoint, ProgressCurves, SkillCurve

MINUTE_MS: Final = 60_000


class ProgressCurveService:
    def __init__(self, session: Session) -> None:
        self.practice, self.progress = PracticeRepository(session), ProgressRepository(session)

    def curves(self, user_id: UUID, subject_id: UUID, days: int, now: datetime) -> ProgressCurves:
        """Raises NotFoundError for an unknown or archived subject."""
        if self.practice.subject_revision(subject_id) is None:
            raise NotFoundError("No such subject.")
        first = now.astimezone(UTC).date() - timedelta(days=days - 1)
        since = datetime.combine(first, time(), UTC)
        points = self.progress.curves(user_id, subject_id, since)
        return ProgressCurves(
            subject_id=subject_id,
            since=first,
            days=[
                CurveDay(
                    day=row["day"],
                    answers=row["answers"],
                    score=round(row["score"], 4),
                    expected=round(row["expected"], 4),
                    minutes=round(int(row["elapsed_ms"]) / MINUTE_MS, 1),
                )
                for row in self.progress.curve_days(user_id, subject_id, since)
            ],
            skills=[
                SkillCurve(
                    skill_id=skill_id,
                    name=name,
                    points=[MasteryPoint(day=row["day"], mastery=round(row["mastery"], 4)) for row in rows],
                )
                for (skill_id, name), rows in groupby(points, key=itemgetter("skill_id", "name"))
            ],
        )
