"""Versions of the learner model, and what one is fitted on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app.models import ModelFile, ModelVersion
from app.models.base import Json

AT_ONCE: Final = 5_000
BUILT_IN: Final = 0

# Whole students, those who practised last first, until there are answers enough; then each student's answers in order.
# What a student merely said of a question, and rapid guesses, tell nothing of its difficulty.
_ANSWERS: Final = text(
    """
    WITH recent AS (
        SELECT user_id FROM (
            SELECT user_id, answers, sum(answers) OVER (ORDER BY last_at DESC NULLS LAST, user_id) AS running
            FROM learner_states WHERE answers > 0
        ) l WHERE running - answers < :most
    )
    SELECT t.user_id, t.question_id, s.skill_ids, t.evidence, extract(epoch FROM t.answered_at)::float8 AS at_s,
           coalesce(p.guess, 0) AS guess
    FROM recent r
    JOIN attempts t ON t.user_id = r.user_id
    LEFT JOIN item_parameters p ON p.id = t.question_id
    LEFT JOIN (SELECT question_id, array_agg(skill_id ORDER BY skill_id) AS skill_ids FROM question_skills
               GROUP BY question_id) s ON s.question_id = t.question_id
    WHERE t.evidence IS NOT NULL AND t.weight = 1 AND t.action IN ('answer', 'close')
    ORDER BY t.user_id, t.id
    """
)
_LEVELS: Final = text(
    """
    SELECT l.user_id, l.mean, coalesce(k.mean, 0) FROM learner_states l
    LEFT JOIN (SELECT user_id, sum(mean * answers) / sum(answers) AS mean FROM learner_skill_states WHERE answers > 0
               GROUP BY user_id) k ON k.user_id = l.user_id
    WHERE l.answers > 0
    """
)
_TOTALS: Final = text("SELECT question_id, answers, expected - wins FROM item_statistics")
_PRIORS: Final = text("SELECT id, prior FROM item_parameters")
_SET_DIFFICULTIES: Final = text(
    """
    UPDATE item_parameters p
    SET difficulty = m.difficulty, answers = m.answers, counted_residual = m.residual, updated_at = now()
    FROM unnest(:ids ::uuid[], :difficulties ::float8[], :answers ::int[], :residuals ::float8[])
         AS m (id, difficulty, answers, residual)
    WHERE p.id = m.id
    """
)
_RESET_DIFFICULTIES: Final = text(
    "UPDATE item_parameters SET difficulty = prior, answers = 0, counted_residual = 0, updated_at = now()"
)
_NEW_REVISIONS: Final = text("UPDATE subjects SET content_revision = content_revision + 1")
_LOCK: Final = text("LOCK TABLE model_versions IN SHARE ROW EXCLUSIVE MODE")


class AnswerRow(NamedTuple):
    """`at_s` in seconds since 1970; `skill_ids` are those that the question has now."""

    user_id: UUID
    question_id: UUID
    skill_ids: list[UUID] | None
    outcome: float
    at_s: float
    guess: float


class ItemTotal(NamedTuple):
    """Answers to a question so far, and their residual sum (expected minus actual)."""

    question_id: UUID
    answers: int
    residual: float


class FittedItem(NamedTuple):
    """A question's difficulty in logits with the answers and the residual sum that it has taken in."""

    question_id: UUID
    difficulty: float
    answers: int
    residual: float


class ModelRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def answers(self, most: int) -> Iterator[AnswerRow]:
        """Answers of whole students, at least `most` if there are so many, streamed student by student."""
        rows = self.session.execute(_ANSWERS, {"most": most}, execution_options={"yield_per": AT_ONCE})
        return (AnswerRow._make(row) for row in rows)

    def levels(self) -> dict[UUID, float]:
        """General level of every student plus the mean over their skills, weighted by answers."""
        return {user_id: general + skill for user_id, general, skill in self.session.execute(_LEVELS)}

    def totals(self) -> list[ItemTotal]:
        return [ItemTotal._make(row) for row in self.session.execute(_TOTALS)]

    def priors(self) -> dict[UUID, float]:
        """What was believed of each question's difficulty before any answer."""
        return {row[0]: row[1] for row in self.session.execute(_PRIORS)}

    def page(self, before: int | None, limit: int) -> list[ModelVersion]:
        """Latest first."""
        statement = select(ModelVersion).order_by(ModelVersion.number.desc()).limit(limit)
        if before is not None:
            statement = statement.where(ModelVersion.number < before)
        return list(self.session.scalars(statement))

    def get(self, number: int) -> ModelVersion | None:
        return self.session.scalar(select(ModelVersion).where(ModelVersion.number == number))

    def live(self) -> ModelVersion | None:
        return self.session.scalar(select(ModelVersion).where(ModelVersion.is_live))

    def content(self, number: int) -> bytes | None:
        return self.session.scalar(select(ModelFile.content).where(ModelFile.number == number))

    def lock(self) -> None:
        """Versions are made and switched by one transaction at a time."""
        self.session.execute(_LOCK)

    def add(self, parameters: Json, metrics: Json, content: bytes, now: datetime) -> ModelVersion:
        """A new version under the next free number, not live."""
        number = 1 + (self.session.scalar(select(func.max(ModelVersion.number))) or BUILT_IN)
        version = ModelVersion(
            number=number, kind="kalman_rasch", parameters=parameters, metrics=metrics, is_live=False, created_at=now
        )
        self.session.add(version)
        self.session.flush()
        self.session.add(ModelFile(number=number, content=content))
        self.session.flush()
        return version

    def switch(self, version: ModelVersion | None, now: datetime | None = None) -> None:
        """Make a version live, or none for the built-in one; every process reads its questions anew.

        With `now` the switch is a promotion and remembers what it replaced.
        """
        running = self.live()
        self.session.execute(update(ModelVersion).where(ModelVersion.is_live).values(is_live=False))
        if version is not None:
            values: Json = {"is_live": True}
            if now is not None:
                values |= {"promoted_at": now, "replaced": BUILT_IN if running is None else running.number}
            self.session.execute(update(ModelVersion).where(ModelVersion.id == version.id).values(values))
            self.session.refresh(version)
        self.session.execute(_NEW_REVISIONS)

    def set_difficulties(self, items: Sequence[FittedItem]) -> None:
        """Questions that are not among them keep what they have."""
        columns: Iterable[tuple[object, ...]] = zip(*items, strict=True) if items else [(), (), (), ()]
        names = ("ids", "difficulties", "answers", "residuals")
        self.session.execute(
            _SET_DIFFICULTIES, {name: list(column) for name, column in zip(names, columns, strict=True)}
        )

    def reset_difficulties(self) -> None:
        """Every question as before its first answer; the next calibration takes all answers in again."""
        self.session.execute(_RESET_DIFFICULTIES)
