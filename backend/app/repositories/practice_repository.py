from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, RowMapping, and_, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.enums import PracticeMode, SessionStatus
from app.models import Assignment, LearnerStateRecord, PracticeSession
from app.repositories.practice_step_rows import LearnerRow, SkillRow

MISTAKES_AT_ONCE: Final = 10

_MISTAKES: Final = text(
    """
    SELECT i.question_id FROM learner_item_states i JOIN questions q ON q.id = i.question_id
    WHERE i.user_id = :user_id AND i.last_result < 0.5 AND q.subject_id = :subject_id AND q.status = 'published'
      AND (cardinality(CAST(:skill_ids AS uuid[])) = 0 OR EXISTS (
          SELECT 1 FROM question_skills k WHERE k.question_id = q.id AND k.skill_id = ANY(:skill_ids)))
      AND NOT EXISTS (SELECT 1 FROM assignments a
          WHERE a.user_id = i.user_id AND a.session_id = :session_id AND a.question_id = i.question_id)
    ORDER BY i.last_at LIMIT :limit
    """
)

_STEPS: Final = text(
    """
    SELECT t.id, t.action, t.response, t.certainty, t.effects, t.assignment_id, g.state, g.fraction, g.mark
    FROM attempts t LEFT JOIN attempt_grades g ON g.user_id = t.user_id AND g.attempt_id = t.id AND g.number = 1
    WHERE t.user_id = :user_id AND t.id = :attempt_id
    """
)

_LAST_ANSWERS: Final = text(
    """
    SELECT DISTINCT ON (a.position) a.position, a.question_id, a.version_id, a.seed, t.response, t.effects,
           g.state, g.fraction, g.reason AS comment,
           CASE WHEN g.correction <> '' THEN g.graded_at END AS corrected_at
    FROM assignments a
    JOIN attempts t ON t.user_id = a.user_id AND t.assignment_id = a.id AND t.action IN ('answer', 'dont_know')
    LEFT JOIN LATERAL (SELECT state, fraction, reason, correction, graded_at FROM attempt_grades
                       WHERE user_id = t.user_id AND attempt_id = t.id ORDER BY number DESC LIMIT 1) g ON true
    WHERE a.user_id = :user_id AND a.session_id = :session_id
    ORDER BY a.position, t.id DESC
    """
)

_EFFECTS: Final = text(
    """
    SELECT t.effects, t.action = 'regraded' AS is_correction FROM assignments a
    JOIN attempts t ON t.user_id = a.user_id AND t.assignment_id = a.id
    WHERE a.user_id = :user_id AND a.session_id = :session_id ORDER BY t.id
    """
)

# Of each question the first answer, with the outcome that the learner model was told.
_FIRST_ANSWERS: Final = text(
    """
    SELECT a.question_id, a.predicted, a.difficulty, e.evidence AS outcome, t.elapsed_ms, t.answered_at,
           ARRAY(SELECT skill_id FROM question_skills WHERE question_id = a.question_id) AS skill_ids,
           (SELECT i.elapsed_ms::float8 / i.answers FROM item_statistics i
            WHERE i.question_id = a.question_id AND i.answers >= 10) AS usual_ms
    FROM assignments a
    JOIN LATERAL (SELECT elapsed_ms, answered_at FROM attempts
                  WHERE user_id = a.user_id AND assignment_id = a.id AND action = 'answer'
                  ORDER BY id LIMIT 1) t ON true
    JOIN LATERAL (SELECT evidence FROM attempts
                  WHERE user_id = a.user_id AND assignment_id = a.id AND evidence IS NOT NULL
                        AND action IN ('answer', 'close') ORDER BY id LIMIT 1) e ON true
    WHERE a.user_id = :user_id AND a.session_id = :session_id ORDER BY t.answered_at, a.position
    """
)

_SKILL_STATES: Final = text(
    """
    SELECT k.id, k.name, s.skill_id, s.mastery, s.mean, s.variance, s.answers, s.wins, s.residual, s.last_step,
           s.last_at, s.last_result, s.state, s.learned_at, s.confirmations, s.before_review, s.recent
    FROM skills k LEFT JOIN learner_skill_states s ON s.skill_id = k.id AND s.user_id = :user_id
    WHERE k.subject_id = :subject_id AND k.archived_at IS NULL ORDER BY k.position, k.id
    """
)


class NamedSkillRow(NamedTuple):
    """A skill of a subject; `row` is None until the student's first answer on it."""

    skill_id: UUID
    name: str
    row: SkillRow | None


class PracticeRepository:
    """Sessions and what was shown in them; every query names the student, so nobody reaches another's."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def ensure_learner(self, user_id: UUID, mean: float, variance: float) -> None:
        """The row that a student's steps lock; made with the first session."""
        row = {"user_id": user_id, "mean": mean, "variance": variance, "answers": 0, "wins": 0.0}
        residuals = {"residual_fast": 0.0, "residual_mid": 0.0, "residual_slow": 0.0}
        self.session.execute(insert(LearnerStateRecord).values(row | residuals).on_conflict_do_nothing())

    def get(self, user_id: UUID, session_id: UUID, *, lock: bool = False) -> PracticeSession | None:
        statement = select(PracticeSession).where(PracticeSession.user_id == user_id, PracticeSession.id == session_id)
        return self.session.scalar(statement.with_for_update() if lock else statement)

    def lock_learner(self, user_id: UUID) -> None:
        """Wait for a running step of the same student; `populate_existing` reads below must follow."""
        self.session.execute(
            select(LearnerStateRecord.user_id).where(LearnerStateRecord.user_id == user_id).with_for_update()
        )

    def page(
        self,
        user_id: UUID,
        *,
        status: SessionStatus | None,
        modes: Sequence[PracticeMode],
        before: UUID | None,
        limit: int,
    ) -> list[PracticeSession]:
        """The student's sessions, the one started last first; ids are time-ordered, so they are the cursor too.

        No `modes` means all of them.
        """
        statement = select(PracticeSession).where(PracticeSession.user_id == user_id)
        if status is not None:
            statement = statement.where(PracticeSession.status == status)
        if modes:
            statement = statement.where(PracticeSession.mode.in_(modes))
        if before is not None:
            statement = statement.where(PracticeSession.id < before)
        return list(self.session.scalars(statement.order_by(PracticeSession.id.desc()).limit(limit)))

    def open_assignment(self, user_id: UUID, session_id: UUID) -> Assignment | None:
        return self.session.scalar(
            select(Assignment)
            .where(Assignment.user_id == user_id, Assignment.session_id == session_id, Assignment.finished_at.is_(None))
            .order_by(Assignment.position.desc())
            .limit(1)
        )

    def answered_and_open(self, user_id: UUID, session_id: UUID) -> Sequence[UUID]:
        """Questions of a session with an answer whose grade was put off, in the order shown."""
        statement = (
            select(Assignment.id)
            .where(Assignment.user_id == user_id, Assignment.session_id == session_id)
            .where(Assignment.finished_at.is_(None), Assignment.state["tries"].astext.cast(Integer) > 0)
            .order_by(Assignment.position)
        )
        return self.session.scalars(statement).all()

    def assignment(self, user_id: UUID, assignment_id: UUID) -> Assignment | None:
        return self.session.get(Assignment, (user_id, assignment_id))

    def shown_questions(self, user_id: UUID, session_id: UUID) -> set[UUID]:
        return set(
            self.session.scalars(
                select(Assignment.question_id).where(
                    and_(Assignment.user_id == user_id, Assignment.session_id == session_id)
                )
            )
        )

    def mistakes(self, user_id: UUID, session_id: UUID, subject_id: UUID, skill_ids: Sequence[UUID]) -> Sequence[UUID]:
        """Questions answered wrong the last time and not yet shown in this session, oldest mistake first."""
        values = {"user_id": user_id, "session_id": session_id, "subject_id": subject_id}
        return self.session.scalars(_MISTAKES, values | {"skill_ids": list(skill_ids), "limit": MISTAKES_AT_ONCE}).all()

    def step(self, user_id: UUID, attempt_id: UUID) -> RowMapping:
        """A stored step with the grade that it got at once."""
        return self.session.execute(_STEPS, {"user_id": user_id, "attempt_id": attempt_id}).mappings().one()

    def last_answers(self, user_id: UUID, session_id: UUID) -> Sequence[RowMapping]:
        """The last answer to each answered question of a session, in the order shown."""
        return self.session.execute(_LAST_ANSWERS, {"user_id": user_id, "session_id": session_id}).mappings().all()

    def effects(self, user_id: UUID, session_id: UUID) -> Sequence[RowMapping]:
        """What each step of a session did, in their order."""
        return self.session.execute(_EFFECTS, {"user_id": user_id, "session_id": session_id}).mappings().all()

    def first_answers(self, user_id: UUID, session_id: UUID) -> Sequence[RowMapping]:
        """First answers of a session in their order, with predicted success and usual time."""
        return self.session.execute(_FIRST_ANSWERS, {"user_id": user_id, "session_id": session_id}).mappings().all()

    def owned_subject_skills(self, subject_id: UUID, skill_ids: Sequence[UUID]) -> int:
        """How many of the skills belong to the subject."""
        query = text("SELECT count(*) FROM skills WHERE subject_id = :subject_id AND id = ANY(:skill_ids)")
        found = self.session.scalar(query, {"subject_id": subject_id, "skill_ids": list(skill_ids)})
        return int(found or 0)

    def subject_revision(self, subject_id: UUID) -> int | None:
        """None for an unknown or archived subject."""
        query = text("SELECT content_revision FROM subjects WHERE id = :subject_id AND archived_at IS NULL")
        revision: int | None = self.session.scalar(query, {"subject_id": subject_id})
        return revision

    def skill_states(self, user_id: UUID, subject_id: UUID) -> list[NamedSkillRow]:
        rows = self.session.execute(_SKILL_STATES, {"user_id": user_id, "subject_id": subject_id})
        return [NamedSkillRow(row[0], row[1], None if row[2] is None else SkillRow._make(row[2:])) for row in rows]

    def learner_row(self, user_id: UUID) -> LearnerRow | None:
        columns = [getattr(LearnerStateRecord, name) for name in LearnerRow._fields]
        row = self.session.execute(select(*columns).where(LearnerStateRecord.user_id == user_id)).one_or_none()
        return None if row is None else LearnerRow._make(row)

    def answered_in(self, user_id: UUID, subject_id: UUID) -> int:
        """Questions the student has answered in a subject."""
        total = select(func.coalesce(func.sum(PracticeSession.answered), 0)).where(
            PracticeSession.user_id == user_id, PracticeSession.subject_id == subject_id
        )
        return int(self.session.scalar(total) or 0)
