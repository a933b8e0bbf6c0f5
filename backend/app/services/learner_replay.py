"""Every table derived from what students did, computed again from the log of attempts by the code that runs live."""

from collections import deque
from collections.abc import Mapping
from datetime import UTC, date
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.ai.personalization.review_schedule import ReviewRating
from app.ai.personalization.user_modeling.state import Evidence, new_learner
from app.domain.enums import MasteryRuleName
from app.repositories.learner_log_repository import (
    DayRow,
    ItemStateRow,
    ItemTotals,
    LearnerLogRepository,
    LearnerRows,
    LoggedStep,
)
from app.repositories.practice_repository import PracticeRepository
from app.repositories.practice_step_rows import CardRow, MasteryEventRow, SkillRow
from app.services.learner_update import TELLS_OF_THE_QUESTION, AskedItem, LearnerUpdate, apply_evidence, learner_row
from app.services.mastery_update import asks_several_skills
from app.services.model_parameters import ModelParameters
from app.services.review_update import reviewed

BUILT_IN: Final = 0


def replay_learner(session: Session, user_id: UUID) -> None:
    """Replace what is derived for one student; steps of the student wait until the transaction ends."""
    PracticeRepository(session).lock_learner(user_id)
    log = LearnerLogRepository(session)
    first_model = log.first_model(user_id)
    if first_model is None:
        return
    history = LearnerHistory(_models(log), first_model)
    resumed = deque(log.resumptions(user_id))
    for step in log.steps(user_id):
        while resumed and resumed[0][0] < step.attempt_id:
            history.resume(resumed.popleft()[1])
        history.take(step)
    for _, question_id in resumed:
        history.resume(question_id)
    log.replace(user_id, history.rows())


def replay_items(session: Session) -> None:
    """Replace the statistics of all questions; it reads the whole log, and all answers wait meanwhile.

    What a question was expected to yield depends on what was known of each student then, so every student is replayed.
    """
    log = LearnerLogRepository(session)
    log.lock_item_statistics()
    models, first_models, totals = _models(log), log.first_models(), QuestionTotals()
    for user_id, steps in groupby(log.evidence(), key=attrgetter("user_id")):
        history = LearnerHistory(models, first_models[user_id])
        for step in steps:
            totals.take(step, history.take(step))
    log.replace_item_statistics(totals.rows.values())


class LearnerHistory:
    """What is derived for one student, grown step by step from the prior of the model they began with."""

    def __init__(self, models: Mapping[int, ModelParameters], first_model: int) -> None:
        self._models = models
        self.learner = learner_row(new_learner(models[first_model].population))
        self.skills: dict[UUID, SkillRow] = {}
        self._items: dict[UUID, ItemStateRow] = {}
        self._days: dict[date, DayRow] = {}
        self.cards: dict[UUID, CardRow] = {}
        self._events: list[MasteryEventRow] = []

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
        self._events += update.events(step.attempt_id, evidence)
        return update

    def resume(self, question_id: UUID) -> None:
        """A suspended question is let into reviews again."""
        if (card := self.cards.get(question_id)) is not None:
            self.cards[question_id] = card._replace(is_suspended=False)

    def rows(self) -> LearnerRows:
        return LearnerRows(
            self.learner,
            self.skills.values(),
            self._items.values(),
            self._days.values(),
            self.cards.values(),
            self._events,
        )

    def _review(self, step: LoggedStep) -> None:
        if step.rating is not None:
            place, rating = (step.question_id, step.subject_id), ReviewRating(step.rating)
            self.cards[step.question_id] = reviewed(self.cards.get(step.question_id), place, rating, step.answered_at)

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
