"""Every table derived from what students did, computed again from the log of attempts by the code that runs live."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Final, Self, TypeGuard
from uuid import UUID

from sqlalchemy.orm import Session

from app.ai.personalization.mastery import MasteryChange
from app.ai.personalization.review_schedule import ReviewRating, settings_of
from app.ai.personalization.user_modeling.state import Evidence, new_learner
from app.domain.enums import AttemptAction, MasteryRuleName
from app.repositories.learner_log_repository import (
    DayRow,
    ItemStateRow,
    ItemTotals,
    LearnerLogRepository,
    LearnerRows,
    LogEntry,
    LoggedStep,
    Refitted,
    Resumed,
)
from app.repositories.practice_repository import PracticeRepository
from app.repositories.practice_step_rows import CardRow, MasteryEventRow, SkillRow
from app.services.learner_update import TELLS_OF_THE_QUESTION, AskedItem, LearnerUpdate, apply_evidence, learner_row
from app.services.mastery_update import asks_several_skills
from app.services.model_parameters import ModelParameters
from app.services.review_update import refitted, reviewed

BUILT_IN: Final = 0


def replay_learner(session: Session, user_id: UUID) -> None:
    """Replace what is derived for one student; steps of the student wait until the transaction ends."""
    PracticeRepository(session).lock_learner(user_id)
    log = LearnerLogRepository(session)
    first_model = log.first_model(user_id)
    if first_model is None:
        return
    begin, entries = partial(LearnerHistory, _models(log), first_model), log.entries(user_id)
    history = begin().grown(amended(entries))
    history.events += _corrections(begin, entries)
    log.replace(user_id, history.rows())


def replay_items(session: Session) -> None:
    """Replace the statistics of all questions; it reads the whole log, and all answers wait meanwhile.

    What a question was expected to yield depends on what was known of each student then, so every student is replayed.
    """
    log = LearnerLogRepository(session)
    log.lock_item_statistics()
    models, first_models, totals = _models(log), log.first_models(), QuestionTotals()
    for user_id, steps in groupby(log.evidence(), key=attrgetter("user_id")):
        totals.take_all(LearnerHistory(models, first_models[user_id]), list(steps))
    log.replace_item_statistics(totals.rows.values())


@dataclass(frozen=True, slots=True)
class Corrected:
    """Skills of a student before and after a corrected grade, and the review cards after it."""

    before: Mapping[UUID, SkillRow]
    after: Mapping[UUID, SkillRow]
    cards: Mapping[UUID, CardRow]


class LearnerCorrection:
    """One student's log with a correction that is about to be appended; the caller holds the lock of the learner."""

    def __init__(self, session: Session, user_id: UUID) -> None:
        self._log, self._user_id = LearnerLogRepository(session), user_id
        self._entries, self._models = self._log.entries(user_id), _models(self._log)

    def graded(self, assignment_id: UUID) -> LoggedStep:
        """The step by which a person's first grade came to count."""
        for entry in self._entries:
            if _is(entry, AttemptAction.GRADED) and entry.assignment_id == assignment_id:
                return entry
        raise LookupError(f"assignment {assignment_id} has no grade of a person")

    def apply(self, correction: LoggedStep) -> Corrected:
        """Replace what is derived for the student, and the student's share of the questions' statistics."""
        former, entries = self._begin(), [*self._entries, correction]
        share, new_share = QuestionTotals(), QuestionTotals()
        share.take_all(former, self._entries)
        new_share.take_all(self._begin(), entries)
        history = self._begin().grown(amended(entries))
        history.events += _corrections(self._begin, entries)
        self._log.replace(self._user_id, history.rows())
        self._log.shift_item_statistics(new_share.less(share))
        return Corrected(former.skills, history.skills, history.cards)

    def _begin(self) -> "LearnerHistory":
        return LearnerHistory(self._models, self._log.first_model(self._user_id) or BUILT_IN)


def amended(entries: Sequence[LogEntry]) -> list[LogEntry]:
    """The log with the last correction of each grade in the place of the grade, as if it had been given at once."""
    corrections = {entry.assignment_id: entry for entry in entries if _is(entry, AttemptAction.REGRADED)}
    return [_corrected(entry, corrections) for entry in entries if not _is(entry, AttemptAction.REGRADED)]


class LearnerHistory:
    """What is derived for one student, grown step by step from the prior of the model they began with."""

    def __init__(self, models: Mapping[int, ModelParameters], first_model: int) -> None:
        self._models = models
        self.learner = learner_row(new_learner(models[first_model].population))
        self.skills: dict[UUID, SkillRow] = {}
        self._items: dict[UUID, ItemStateRow] = {}
        self._days: dict[date, DayRow] = {}
        self.cards: dict[UUID, CardRow] = {}
        self.events: list[MasteryEventRow] = []
        self._memory: Sequence[float] | None = None
        self._reviews: dict[UUID, list[tuple[ReviewRating, datetime]]] = {}

    def grown(self, entries: Iterable[LogEntry]) -> Self:
        for entry in entries:
            self.happen(entry)
        return self

    def happen(self, entry: LogEntry) -> None:
        match entry:
            case LoggedStep():
                self.take(entry)
            case Resumed():
                self.resume(entry.question_id)
            case Refitted():
                self.refit(entry.parameters)

    def take(self, step: LoggedStep) -> LearnerUpdate | None:
        """The next step; None when it told the model nothing."""
        self._count_item(step)
        if step.evidence is None:
            return None
        self._count_day(step, step.evidence)
        self._review(step)
        model = self._models[step.model_version]
        offsets = [model.offset_of(skill_id) for skill_id in step.skill_ids]
        is_mixed, rule = asks_several_skills(step.session_skill_ids), MasteryRuleName(step.mastery_rule)
        item = AskedItem(step.difficulty, step.item_answers, step.guess, step.skill_ids, offsets, is_mixed, rule)
        evidence = Evidence(step.evidence, step.weight, step.answered_at)
        update = apply_evidence(model.population, self.learner, self.skills, item, evidence)
        self.learner = update.learner
        self.skills |= {row.skill_id: row for row in update.skills}
        self.events += update.events(step.attempt_id, evidence)
        return update

    def resume(self, question_id: UUID) -> None:
        """A suspended question is let into reviews again."""
        if (card := self.cards.get(question_id)) is not None:
            self.cards[question_id] = card._replace(is_suspended=False)

    def refit(self, parameters: Sequence[float] | None) -> None:
        """Another forgetting curve holds: every card stands as if it always had."""
        self._memory = parameters
        for question_id, card in self.cards.items():
            self.cards[question_id] = refitted(card, self._reviews[question_id], settings_of(parameters))

    def rows(self) -> LearnerRows:
        return LearnerRows(
            self.learner,
            self._memory,
            self.skills.values(),
            self._items.values(),
            self._days.values(),
            self.cards.values(),
            self.events,
        )

    def _review(self, step: LoggedStep) -> None:
        if step.rating is None:
            return
        question_id, rating = step.question_id, ReviewRating(step.rating)
        place, memory = (question_id, step.subject_id), settings_of(self._memory)
        self.cards[question_id] = reviewed(self.cards.get(question_id), place, rating, step.answered_at, memory)
        self._reviews.setdefault(question_id, []).append((rating, step.answered_at))

    def _count_item(self, step: LoggedStep) -> None:
        question_id, is_counted = step.question_id, step.evidence is not None
        known = self._items.get(question_id) or ItemStateRow(question_id, 0, 0.0, None, step.answered_at)
        self._items[question_id] = ItemStateRow(
            question_id,
            known.tries + is_counted,
            known.wins + (step.evidence or 0.0),
            step.evidence if is_counted else known.last_result,
            max(known.last_at, step.answered_at),
        )

    def _count_day(self, step: LoggedStep, evidence: float) -> None:
        day = step.answered_at.astimezone(UTC).date()
        known = self._days.get(day) or DayRow(day, 0, 0.0, 0)
        self._days[day] = DayRow(day, known.answers + 1, known.score + evidence, known.elapsed_ms + step.elapsed_ms)


class QuestionTotals:
    """Running sums over the answers to each question."""

    def __init__(self) -> None:
        self.rows: dict[UUID, ItemTotals] = {}

    def take_all(self, history: LearnerHistory, entries: Sequence[LogEntry]) -> None:
        for entry in amended(entries):
            if isinstance(entry, LoggedStep):
                self.take(entry, history.take(entry))

    def less(self, other: "QuestionTotals") -> list[ItemTotals]:
        """What is here and not there, of each question that differs."""
        nothing = ItemTotals(UUID(int=0), 0, 0.0, 0.0, 0.0, 0)
        changed = [(row, other.rows.get(row.question_id, nothing)) for row in self.rows.values()]
        return [_difference(row, there) for row, there in changed if row[1:] != there[1:]]

    def take(self, step: LoggedStep, update: LearnerUpdate | None) -> None:
        if update is None or step.evidence is None or step.action not in TELLS_OF_THE_QUESTION:
            return
        known = self.rows.get(step.question_id) or ItemTotals(step.question_id, 0, 0.0, 0.0, 0.0, 0)
        self.rows[step.question_id] = ItemTotals(
            step.question_id,
            known.answers + 1,
            known.wins + step.evidence,
            known.expected + update.predicted,
            known.information + update.information,
            known.elapsed_ms + step.elapsed_ms,
        )


def _models(log: LearnerLogRepository) -> dict[int, ModelParameters]:
    stored = {BUILT_IN: {}, **log.models()}
    return {number: ModelParameters.from_json(parameters) for number, parameters in stored.items()}


def _difference(one: ItemTotals, other: ItemTotals) -> ItemTotals:
    return ItemTotals(
        one.question_id,
        one.answers - other.answers,
        one.wins - other.wins,
        one.expected - other.expected,
        one.information - other.information,
        one.elapsed_ms - other.elapsed_ms,
    )


def _is(entry: LogEntry, action: AttemptAction) -> TypeGuard[LoggedStep]:
    return isinstance(entry, LoggedStep) and entry.action == action


def _corrected(entry: LogEntry, corrections: Mapping[UUID, LoggedStep]) -> LogEntry:
    if not _is(entry, AttemptAction.GRADED):
        return entry
    correction = corrections.get(entry.assignment_id)
    return entry if correction is None else entry._replace(evidence=correction.evidence, rating=correction.rating)


def _corrections(begin: Callable[[], LearnerHistory], entries: Sequence[LogEntry]) -> list[MasteryEventRow]:
    """What each corrected grade changed of the states of skills; a state does not change silently."""
    found = []
    for place, entry in enumerate(entries):
        if _is(entry, AttemptAction.REGRADED):
            before = begin().grown(amended(entries[:place])).skills
            after = begin().grown(amended(entries[: place + 1])).skills
            found += _changes(entry, before, after)
    return found


def _changes(
    correction: LoggedStep, before: Mapping[UUID, SkillRow], after: Mapping[UUID, SkillRow]
) -> list[MasteryEventRow]:
    cause = MasteryChange.CORRECTED.value
    return [
        MasteryEventRow(
            skill_id, correction.attempt_id, cause, row.state, after[skill_id].state, correction.answered_at
        )
        for skill_id, row in before.items()
        if row.state != after[skill_id].state
    ]
