"""What practice may choose from: all published questions of a subject, read at once and kept by the caller."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.enums import MasteryRuleName

_QUESTIONS = text(
    """
    SELECT q.id, v.id AS version_id, coalesce(p.difficulty, 0) AS difficulty, coalesce(p.answers, 0) AS answers,
           coalesce(p.guess, 0) AS guess, coalesce(t.answers, 0) AS shown, s.skill_ids,
           coalesce(p.discrimination, 1) AS discrimination,
           q.type NOT IN ('essay', 'flashcard') AS is_graded_at_once, d.sketch
    FROM questions q
    JOIN question_versions v ON v.question_id = q.id AND v.number = q.version
    LEFT JOIN item_parameters p ON p.id = q.id
    LEFT JOIN item_statistics t ON t.question_id = q.id
    LEFT JOIN search_documents d ON d.question_id = q.id
    LEFT JOIN (SELECT question_id, array_agg(skill_id ORDER BY skill_id) AS skill_ids FROM question_skills
               GROUP BY question_id) s ON s.question_id = q.id
    WHERE q.subject_id = :subject_id AND q.status = 'published' AND q.type <> 'description'
    ORDER BY q.id
    """
)
_APART = text(
    """
    SELECT first_id, second_id FROM question_pairs
    WHERE subject_id = :subject_id AND kind = 'gives_away' AND status = 'open'
    """
)
_SKILLS = text("SELECT id, name FROM skills WHERE subject_id = :subject_id ORDER BY position, id")
_PREREQUISITES = text(
    """
    SELECT r.skill_id, r.prerequisite_id FROM skill_prerequisites r JOIN skills s ON s.id = r.skill_id
    WHERE s.subject_id = :subject_id
    """
)
_SUBJECT = text("SELECT content_revision, mastery_rule FROM subjects WHERE id = :subject_id")
_LEARNERS = text("SELECT count(DISTINCT user_id) FROM practice_sessions WHERE subject_id = :subject_id")
_MODEL = text("SELECT number, parameters FROM model_versions WHERE is_live")


@dataclass(frozen=True, slots=True)
class PoolRow:
    question_id: UUID
    version_id: UUID
    difficulty: float
    answers: int
    guess: float
    shown: int
    skill_ids: tuple[UUID, ...]
    discrimination: float = 1.0
    is_graded_at_once: bool = True
    sketch: bytes | None = None


@dataclass(frozen=True, slots=True)
class PoolRows:
    """`apart` are pairs of questions of which one tells the answer of the other."""

    revision: int
    questions: list[PoolRow]
    skills: list[tuple[UUID, str]]
    prerequisites: list[tuple[UUID, UUID]]
    learners: int
    model_version: int
    model_parameters: dict[str, object]
    mastery_rule: str = MasteryRuleName.POSTERIOR.value
    apart: tuple[tuple[UUID, UUID], ...] = ()


class PoolRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def live_model(self) -> dict[str, object]:
        """Parameters of the learner model in force, empty for the built-in one."""
        model = self.session.execute(_MODEL).one_or_none()
        return model.parameters if model else {}

    def read(self, subject_id: UUID) -> PoolRows:
        """The revision is read first: a change committed meanwhile shows up as a newer revision next time."""
        where = {"subject_id": subject_id}
        subject = self.session.execute(_SUBJECT, where).one_or_none()
        model = self.session.execute(_MODEL).one_or_none()
        return PoolRows(
            revision=subject.content_revision if subject else 0,
            questions=[
                PoolRow(row[0], row[1], row[2], row[3], row[4], row[5], tuple(row[6] or ()), row[7], row[8], row[9])
                for row in self.session.execute(_QUESTIONS, where)
            ],
            skills=[(row.id, row.name) for row in self.session.execute(_SKILLS, where)],
            prerequisites=[(row.skill_id, row.prerequisite_id) for row in self.session.execute(_PREREQUISITES, where)],
            learners=self.session.scalar(_LEARNERS, where) or 0,
            model_version=model.number if model else 0,
            model_parameters=model.parameters if model else {},
            apart=tuple((row[0], row[1]) for row in self.session.execute(_APART, where)),
            mastery_rule=subject.mastery_rule if subject else MasteryRuleName.POSTERIOR.value,
        )
