"""The log of what students did, and the tables that follow from it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from heapq import merge
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.enums import ReviewFitOutcome
from app.models import (
    DailyActivity,
    ItemStatistic,
    LearnerItemState,
    LearnerSkillState,
    LearnerStateRecord,
    MasteryEvent,
    ModelVersion,
    ReviewCardRecord,
    ReviewFit,
    ReviewResumption,
)
from app.models.base import Json
from app.repositories.copying import copy_rows
from app.repositories.practice_step_rows import CardRow, LearnerRow, MasteryEventRow, SkillRow

AT_ONCE: Final = 2_000

# An id is made while the step holds the lock of its student, so their order is that of the steps. `answered_at` is
# read before the lock and may disagree. The skills are those that the question had when the step was made.
_STEPS: Final = """
SELECT t.user_id, t.id, t.assignment_id, s.subject_id, t.question_id, t.action, t.evidence, t.weight, t.rating,
       t.elapsed_ms, t.answered_at, t.model_version, a.difficulty, a.item_answers, a.guess, s.skill_ids,
       ARRAY(SELECT (change ->> 0)::uuid
             FROM jsonb_array_elements(t.effects -> 'mastery') WITH ORDINALITY AS changes (change, place)
             ORDER BY place),
       coalesce(t.effects ->> 'rule', 'posterior')
FROM attempts t JOIN assignments a ON a.user_id = t.user_id AND a.id = t.assignment_id
JOIN practice_sessions s ON s.user_id = a.user_id AND s.id = a.session_id
"""
_STEPS_OF_ONE: Final = text(_STEPS + "WHERE t.user_id = :user_id ORDER BY t.id")
_EVIDENCE_OF_ALL: Final = text(_STEPS + "WHERE t.evidence IS NOT NULL ORDER BY t.user_id, t.id")

_FIRST_MODEL: Final = text("SELECT model_version FROM assignments WHERE user_id = :user_id ORDER BY id LIMIT 1")
_FIRST_MODELS: Final = text("SELECT DISTINCT ON (user_id) user_id, model_version FROM assignments ORDER BY user_id, id")
_SHIFT_ITEM: Final = text(
    """
    UPDATE item_statistics SET answers = answers + :answers, wins = wins + :wins, expected = expected + :expected,
           information = information + :information, elapsed_ms = elapsed_ms + :elapsed_ms
    WHERE question_id = :question_id
    """
)
_LOCK_ITEMS: Final = text("LOCK TABLE item_statistics IN SHARE ROW EXCLUSIVE MODE")


class LoggedStep(NamedTuple):
    """One stored attempt with the question as it was believed to be when it was shown, and what the session asked."""

    user_id: UUID
    attempt_id: UUID
    assignment_id: UUID
    subject_id: UUID
    question_id: UUID
    action: str
    evidence: float | None
    weight: float
    rating: int | None
    elapsed_ms: int
    answered_at: datetime
    model_version: int
    difficulty: float
    item_answers: int
    guess: float
    session_skill_ids: list[UUID]
    skill_ids: list[UUID]
    mastery_rule: str


class Resumed(NamedTuple):
    """A suspended question was let into reviews again."""

    id: UUID
    question_id: UUID


class Refitted(NamedTuple):
    """Another forgetting curve came into force: parameters of the student's own, or None for the published one."""

    id: UUID
    parameters: list[float] | None


LogEntry: TypeAlias = LoggedStep | Resumed | Refitted


class ItemStateRow(NamedTuple):
    question_id: UUID
    tries: int
    wins: float
    last_result: float | None
    last_at: datetime


class DayRow(NamedTuple):
    day: date
    answers: int
    score: float
    elapsed_ms: int


class LearnerRows(NamedTuple):
    """Everything that is derived for one student; `memory` are the parameters of their own forgetting curve."""

    learner: LearnerRow
    memory: Sequence[float] | None
    skills: Collection[SkillRow]
    items: Collection[ItemStateRow]
    days: Collection[DayRow]
    cards: Collection[CardRow]
    events: Collection[MasteryEventRow]


class ItemTotals(NamedTuple):
    question_id: UUID
    answers: int
    wins: float
    expected: float
    information: float
    elapsed_ms: int


class LearnerLogRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def models(self) -> dict[int, Json]:
        """Parameters by version number, the built-in version 0 not among them."""
        rows = self.session.execute(select(ModelVersion.number, ModelVersion.parameters))
        return {row.number: row.parameters for row in rows}

    def first_model(self, user_id: UUID) -> int | None:
        """The model version a student began with; None for a student who never practised."""
        number: int | None = self.session.scalar(_FIRST_MODEL, {"user_id": user_id})
        return number

    def first_models(self) -> dict[UUID, int]:
        return {row.user_id: row.model_version for row in self.session.execute(_FIRST_MODELS)}

    def entries(self, user_id: UUID) -> list[LogEntry]:
        """All that happened to a student, in order: ids are made while the student is locked, so they sort by it."""
        steps: Iterator[LogEntry] = self._read(self.session.execute(_STEPS_OF_ONE, {"user_id": user_id}))
        others: tuple[Iterator[LogEntry], ...] = (self._resumptions(user_id), self._fits(user_id))
        return list(merge(steps, *others, key=_id_of))

    def evidence(self) -> Iterator[LoggedStep]:
        """The steps of all students that told the model something, student by student."""
        options = {"yield_per": AT_ONCE}
        return self._read(self.session.execute(_EVIDENCE_OF_ALL, execution_options=options))

    def replace(self, user_id: UUID, rows: LearnerRows) -> None:
        """Put these rows in the place of whatever was derived for the student before."""
        values = rows.learner._asdict() | {"review_parameters": rows.memory}
        statement = insert(LearnerStateRecord).values(user_id=user_id, **values)
        self.session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
        for table, members in (
            (LearnerSkillState, rows.skills),
            (LearnerItemState, rows.items),
            (DailyActivity, rows.days),
            (ReviewCardRecord, rows.cards),
            (MasteryEvent, rows.events),
        ):
            self.session.execute(delete(table).where(table.user_id == user_id))
            copy_rows(self.session, table, [{"user_id": user_id, **row._asdict()} for row in members])

    def lock_item_statistics(self) -> None:
        """Answers of all students wait until the end of the transaction."""
        self.session.execute(_LOCK_ITEMS)

    def replace_item_statistics(self, totals: Iterable[ItemTotals]) -> None:
        self.session.execute(delete(ItemStatistic))
        self.add_item_statistics(totals)

    def add_item_statistics(self, totals: Iterable[ItemTotals]) -> None:
        """Of questions that have none yet."""
        copy_rows(self.session, ItemStatistic, [row._asdict() for row in totals])

    def shift_item_statistics(self, changes: Iterable[ItemTotals]) -> None:
        """Add to what is stored of these questions, in one order for everybody, so that nobody waits in a circle."""
        for change in sorted(changes, key=lambda each: each.question_id):
            self.session.execute(_SHIFT_ITEM, change._asdict())

    def _resumptions(self, user_id: UUID) -> Iterator[Resumed]:
        rows = self.session.execute(
            select(ReviewResumption.id, ReviewResumption.question_id)
            .where(ReviewResumption.user_id == user_id)
            .order_by(ReviewResumption.id)
        )
        return (Resumed(row.id, row.question_id) for row in rows)

    def _fits(self, user_id: UUID) -> Iterator[Refitted]:
        """Those that changed what is in force."""
        rows = self.session.execute(
            select(ReviewFit.id, ReviewFit.parameters)
            .where(ReviewFit.user_id == user_id)
            .where(ReviewFit.outcome.in_([ReviewFitOutcome.OWN.value, ReviewFitOutcome.STANDARD.value]))
            .order_by(ReviewFit.id)
        )
        return (Refitted(row.id, row.parameters) for row in rows)

    @staticmethod
    def _read(rows: Iterable[Iterable[object]]) -> Iterator[LoggedStep]:
        return (LoggedStep._make(row) for row in rows)


def _id_of(entry: LogEntry) -> UUID:
    return entry.attempt_id if isinstance(entry, LoggedStep) else entry.id
