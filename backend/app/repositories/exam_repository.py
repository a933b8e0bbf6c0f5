"""The SQL of placements and exams beside that of every practice session."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.enums import SessionStatus, UserStatus
from app.models import AnswerDraft, Assignment, PracticeSession, User
from app.models.base import Json

_GIVEN: Final = text(
    """
    SELECT a.id, a.question_id, a.terms, a.state,
           ARRAY(SELECT q.skill_id FROM question_skills q WHERE q.question_id = a.question_id ORDER BY q.skill_id)
    FROM assignments a WHERE a.user_id = :user_id AND a.session_id = :session_id ORDER BY a.position
    """
)
_EXPOSURE: Final = text(
    """
    SELECT a.question_id, count(*) FROM assignments a JOIN questions q ON q.id = a.question_id
    WHERE a.kind = 'exam' AND q.subject_id = :subject_id GROUP BY a.question_id
    """
)
_TESTS: Final = text(
    "SELECT count(*) FROM practice_sessions WHERE subject_id = :subject_id AND mode IN ('placement', 'exam')"
)
# The last answer of each question of a session, and a draft where it was saved after that.
_PAPER: Final = text(
    """
    SELECT a.id, t.response, CASE WHEN d.saved_at > coalesce(t.answered_at, '-infinity') THEN d.response END AS draft
    FROM assignments a
    LEFT JOIN LATERAL (SELECT response, answered_at FROM attempts
                       WHERE user_id = a.user_id AND assignment_id = a.id AND action = 'answer'
                       ORDER BY id DESC LIMIT 1) t ON true
    LEFT JOIN answer_drafts d ON d.user_id = a.user_id AND d.assignment_id = a.id
    WHERE a.user_id = :user_id AND a.session_id = :session_id ORDER BY a.position
    """
)


class GivenRow(NamedTuple):
    """One question of a test; `terms` hold the parameters it was chosen by, `state` its `ShownState`."""

    assignment_id: UUID
    question_id: UUID
    terms: Json
    state: Json
    skill_ids: list[UUID]


class OverdueRow(NamedTuple):
    user_id: UUID
    role: str
    token_version: int
    session_id: UUID


class ExamRepository:
    """Every query names the student, but those that count over all."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def plan(self, user_id: UUID, session_id: UUID) -> Json | None:
        statement = select(PracticeSession.test).where(
            PracticeSession.user_id == user_id, PracticeSession.id == session_id
        )
        return self.session.scalar(statement)

    def given(self, user_id: UUID, session_id: UUID) -> list[GivenRow]:
        """The questions of a test, in the order given."""
        rows = self.session.execute(_GIVEN, {"user_id": user_id, "session_id": session_id})
        return [GivenRow._make(row) for row in rows]

    def exposure(self, subject_id: UUID) -> dict[UUID, int]:
        """In how many tests each question appeared."""
        return {row[0]: row[1] for row in self.session.execute(_EXPOSURE, {"subject_id": subject_id})}

    def tests_started(self, subject_id: UUID) -> int:
        return int(self.session.scalar(_TESTS, {"subject_id": subject_id}) or 0)

    def extra_time(self, user_id: UUID) -> float:
        return float(self.session.scalar(select(User.extra_time).where(User.id == user_id)) or 0.0)

    def paper(self, user_id: UUID, session_id: UUID) -> dict[UUID, RowMapping]:
        """The last response and a later draft, by assignment."""
        rows = self.session.execute(_PAPER, {"user_id": user_id, "session_id": session_id}).mappings()
        return {row["id"]: row for row in rows}

    def assignments(self, user_id: UUID, session_id: UUID) -> Sequence[Assignment]:
        statement = select(Assignment).where(Assignment.user_id == user_id, Assignment.session_id == session_id)
        return self.session.scalars(statement.order_by(Assignment.position)).all()

    def save_draft(self, user_id: UUID, assignment_id: UUID, response: Json, now: datetime) -> None:
        """An older save that arrives late does not replace a newer one."""
        values = {"user_id": user_id, "assignment_id": assignment_id, "response": response, "saved_at": now}
        statement = insert(AnswerDraft).values(values)
        newer = {"response": statement.excluded.response, "saved_at": statement.excluded.saved_at}
        self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["user_id", "assignment_id"],
                set_=newer,
                where=AnswerDraft.saved_at <= statement.excluded.saved_at,
            )
        )

    def drafts_to_hand_in(self, user_id: UUID, session_id: UUID) -> list[tuple[UUID, Json]]:
        """Drafts that are newer than what was sent, in the order shown."""
        return [(key, row["draft"]) for key, row in self.paper(user_id, session_id).items() if row["draft"] is not None]

    def delete_drafts(self, user_id: UUID, session_id: UUID) -> None:
        shown = select(Assignment.id).where(Assignment.user_id == user_id, Assignment.session_id == session_id)
        self.session.execute(
            delete(AnswerDraft).where(AnswerDraft.user_id == user_id, AnswerDraft.assignment_id.in_(shown))
        )

    def overdue(self, before: datetime, limit: int) -> list[OverdueRow]:
        """Running exams whose time was up then, of people who may still act."""
        statement = (
            select(User.id, User.role, User.token_version, PracticeSession.id)
            .join(User, User.id == PracticeSession.user_id)
            .where(PracticeSession.status != SessionStatus.FINISHED.value, PracticeSession.deadline_at < before)
            .where(User.status == UserStatus.ACTIVE.value)
            .order_by(PracticeSession.deadline_at)
            .limit(limit)
        )
        return [OverdueRow._make(row) for row in self.session.execute(statement)]

    def has_running(self, user_id: UUID, beside: UUID | None, until: datetime) -> bool:
        """Whether the student sits an exam, other than `beside`, whose time was not up at `until`."""
        statement = select(PracticeSession.id).where(
            PracticeSession.user_id == user_id,
            PracticeSession.id.is_distinct_from(beside),
            PracticeSession.status != SessionStatus.FINISHED.value,
            PracticeSession.deadline_at >= until,
        )
        return self.session.scalars(statement.limit(1)).first() is not None

    def pause_others(self, user_id: UUID, session_id: UUID) -> None:
        self.session.execute(
            update(PracticeSession)
            .where(PracticeSession.user_id == user_id, PracticeSession.id != session_id)
            .where(PracticeSession.status == SessionStatus.ACTIVE.value)
            .values(status=SessionStatus.PAUSED.value)
            .execution_options(synchronize_session=False)
        )

    def area_names(self, skill_ids: Sequence[UUID]) -> dict[UUID, str]:
        rows = self.session.execute(text("SELECT id, name FROM skills WHERE id = ANY(:ids)"), {"ids": list(skill_ids)})
        return {row.id: row.name for row in rows}

    def pending(self, user_id: UUID, session_id: UUID) -> int:
        """Answers that wait for a teacher."""
        is_pending = Assignment.state["pending"].astext == "true"
        statement = select(func.count()).where(
            Assignment.user_id == user_id, Assignment.session_id == session_id, is_pending
        )
        return int(self.session.scalar(statement) or 0)
