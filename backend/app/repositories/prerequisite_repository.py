from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import DismissedPrerequisite, Skill

MOST_STUDENTS: Final = 5_000

# The students who practised last stand for all of them.
_MASTERY: Final = text(
    """
    SELECT s.user_id, s.skill_id, s.mastery FROM learner_skill_states s
    JOIN skills k ON k.id = s.skill_id AND k.subject_id = :subject_id AND k.archived_at IS NULL
    WHERE s.user_id IN (
        SELECT l.user_id FROM learner_skill_states l JOIN skills j ON j.id = l.skill_id AND j.subject_id = :subject_id
        GROUP BY l.user_id ORDER BY max(l.last_at) DESC NULLS LAST LIMIT :students)
    """
)


class PrerequisiteRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def mastery(self, subject_id: UUID) -> list[tuple[UUID, UUID, float]]:
        """User, skill and P(mastered) of the students who practised the subject last."""
        rows = self.session.execute(_MASTERY, {"subject_id": subject_id, "students": MOST_STUDENTS})
        return [(row[0], row[1], row[2]) for row in rows]

    def dismissed(self, subject_id: UUID) -> set[tuple[UUID, UUID]]:
        """Pairs of an earlier and a later skill that a teacher did not want."""
        statement = (
            select(DismissedPrerequisite.prerequisite_id, DismissedPrerequisite.skill_id)
            .join(Skill, Skill.id == DismissedPrerequisite.skill_id)
            .where(Skill.subject_id == subject_id)
        )
        return {(row.prerequisite_id, row.skill_id) for row in self.session.execute(statement)}

    def dismiss(self, pair: tuple[UUID, UUID], user_id: UUID, now: datetime) -> None:
        prerequisite_id, skill_id = pair
        values = {"prerequisite_id": prerequisite_id, "skill_id": skill_id}
        self.session.execute(
            insert(DismissedPrerequisite)
            .values(values | {"dismissed_by": user_id, "dismissed_at": now})
            .on_conflict_do_nothing()
        )
