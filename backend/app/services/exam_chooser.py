"""The next question of a placement or an exam: the most informative ones at the present ability, shared out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from app.ai.personalization.difficulty_adapter.ability import AbilityPosterior, estimate, observe, start_ability
from app.ai.personalization.difficulty_adapter.adaptive_testing import Blueprint, Pick, Progress, next_question
from app.ai.personalization.difficulty_adapter.content_balance import ContentPlan
from app.ai.personalization.difficulty_adapter.exposure import under_cap
from app.ai.personalization.difficulty_adapter.item_response import FloatArray, ItemBank
from app.ai.personalization.difficulty_adapter.reasons import ReasonCode
from app.ai.personalization.difficulty_adapter.stopping import StopReason, stop_reason
from app.domain.behaviours import ShownState
from app.domain.enums import AssignmentKind
from app.repositories.exam_repository import GivenRow
from app.services.exam_plan import ExamPlan
from app.services.practice_chooser import Chooser, NextQuestion
from app.services.practice_pool import IntArray, QuestionPool

A, B, C, INFORMATION, ABILITY = "discrimination", "location", "guessing", "information", "ability"
"""Terms stored with each question of a test: its parameters then, and why it was worth asking."""
NO_AREA: Final = -1


class ExamBank:
    """Those questions of a pool that a test may use; `places` are their places in the pool."""

    def __init__(self, pool: QuestionPool, skill_ids: Sequence[UUID]) -> None:
        self.pool = pool
        self.places = np.flatnonzero(pool.is_graded_at_once & _in_scope(pool, skill_ids))
        self.items = item_bank(pool, self.places)

    @property
    def size(self) -> int:
        return self.places.size

    def indices(self, question_ids: Iterable[UUID]) -> list[int]:
        """Numbers in the bank of those of the questions that are in it."""
        known = [self.pool.position_of.get(question_id, -1) for question_id in question_ids]
        places = np.array([place for place in known if place >= 0], dtype=np.intp)
        found = np.searchsorted(self.places, places)
        is_here = found < self.size
        is_here[is_here] = self.places[found[is_here]] == places[is_here]
        return [int(index) for index in found[is_here]]

    def content(self, shares: dict[str, float]) -> ContentPlan | None:
        """Areas are first skills; one more for questions without a skill. None where there is but one."""
        area = self.pool.skill_index[self.places, 0].astype(np.int64)
        wanted = self._wanted(shares, area)
        return ContentPlan(area, wanted / wanted.sum()) if np.count_nonzero(wanted) > 1 else None

    def under_cap(self, shown: dict[UUID, int], tests: int, cap: float) -> NDArray[np.bool_]:
        counts = np.array(
            [shown.get(self.pool.question_ids[place], 0) for place in self.places.tolist()], dtype=np.int64
        )
        return under_cap(counts, tests, cap)

    def _wanted(self, shares: dict[str, float], area: NDArray[np.int64]) -> FloatArray:
        count = len(self.pool.skill_ids) + 1
        if not shares:
            return np.bincount(area, minlength=count).astype(np.float64)
        wanted = np.zeros(count)
        for skill_id, share in shares.items():
            wanted[self.pool.skill_places.get(UUID(skill_id), NO_AREA)] += share
        return wanted


def item_bank(pool: QuestionPool, places: IntArray) -> ItemBank:
    """On the scale of the student's general level: what the skills and the intercept add belongs to the question."""
    skills = pool.offsets[pool.skill_index[places]].sum(axis=1) / pool.skill_count[places]
    location = pool.difficulty[places] + skills - pool.population.intercept
    return ItemBank(pool.discrimination[places], location, np.minimum(pool.guess[places], 0.95))


def posterior_of(plan: ExamPlan, given: Sequence[GivenRow]) -> AbilityPosterior:
    """From the parameters stored with each question, so that the same answers always give the same ability.

    What nobody answered counts as wrong only in a list; whether to leave a question out of `given` is up to the caller.
    """
    posterior = start_ability(*plan.prior)
    if not given:
        return posterior
    columns = (np.array([float(row.terms[name]) for row in given]) for name in (A, B, C))
    bank = ItemBank(*columns)
    for at, row in enumerate(given):
        posterior = observe(posterior, bank, at, ShownState.model_validate(row.state).fraction)
    return posterior


class ExamChooser:
    def __init__(self, plan: ExamPlan, chooser: Chooser, skill_ids: Sequence[UUID]) -> None:
        self.plan, self.chooser = plan, chooser
        self.bank = ExamBank(chooser.pool, skill_ids)

    def ended(self, given: Sequence[GivenRow]) -> StopReason | None:
        """Why the test is over after these answers."""
        return stop_reason(self.plan.stop_rule, posterior_of(self.plan, given), len(given))

    def next_question(self, given: Sequence[GivenRow], seed: tuple[int, int]) -> NextQuestion | None:
        """None when the test is over, or the bank is."""
        if self.ended(given) is not None or self.bank.size == 0:
            return None
        posterior = posterior_of(self.plan, given)
        progress = Progress(posterior, tuple(self.bank.indices(row.question_id for row in given)))
        blueprint = Blueprint(self.bank.items, self.bank.content(dict(self.plan.shares)))
        pick = next_question(blueprint, progress, self._allowed(len(given)), Generator(PCG64(seed)))
        return None if pick is None else self._described(pick, estimate(posterior).mean)

    def _allowed(self, given: int) -> NDArray[np.bool_]:
        """Neither resting nor answered lately, as long as enough is left for the rest of the test."""
        under = np.ones(self.bank.size, dtype=bool)
        under[self.bank.indices(map(UUID, self.plan.resting))] = False
        recent = np.zeros(self.chooser.pool.size, dtype=bool)
        recent[self.chooser.pool.places(self.chooser.learner.recent)] = True
        fresh = under & ~recent[self.bank.places]
        return fresh if fresh.sum() > self.plan.most - given else under

    def _described(self, pick: Pick, ability: float) -> NextQuestion:
        place, items = int(self.bank.places[pick.index]), self.bank.items
        question_id = self.chooser.pool.question_ids[place]
        chosen = self.chooser.fixed(question_id, AssignmentKind.EXAM, ReasonCode.MEASURES)
        if chosen is None:
            raise LookupError(f"question {question_id} left the pool that holds it")
        terms = exam_terms(items, pick.index) | {INFORMATION: round(pick.information, 5), ABILITY: round(ability, 5)}
        return replace(chosen, propensity=pick.propensity, terms=terms)


def exam_terms(items: ItemBank, at: int) -> dict[str, float]:
    """The parameters of one question, in full: the ability is computed from them again."""
    return {A: float(items.discrimination[at]), B: float(items.difficulty[at]), C: float(items.guessing[at])}


def _in_scope(pool: QuestionPool, skill_ids: Sequence[UUID]) -> NDArray[np.bool_]:
    if not skill_ids:
        return np.ones(pool.size, dtype=bool)
    wanted = [pool.skill_places[skill_id] for skill_id in skill_ids if skill_id in pool.skill_places]
    result: NDArray[np.bool_] = np.asarray(np.isin(pool.skill_index, wanted).any(axis=1), dtype=bool)
    return result
