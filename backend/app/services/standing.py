"""Where one student stands on every skill of a subject, and what is left to do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from numpy.random import PCG64, Generator
from sqlalchemy.orm import Session

from app.ai.personalization.learning_path import SkillOutlook
from app.ai.personalization.mastery import MasteryStep, after_pause
from app.ai.personalization.mastery_forecast import FloatArray, MasteryForecast, SkillBeliefs, forecast_mastery
from app.ai.personalization.success_forecast import skill_success
from app.ai.personalization.user_modeling.kalman import faded_learner, faded_skill, mastery_probability
from app.ai.personalization.user_modeling.state import LearnerState, SkillState, new_learner, new_skill
from app.core.errors import NotFoundError
from app.domain.enums import MasteryState
from app.repositories.practice_repository import NamedSkillRow, PracticeRepository
from app.repositories.progress_repository import ActiveDay, ProgressRepository
from app.services.learner_update import skill_state
from app.services.mastery_update import skill_mastery
from app.services.practice_pool import PoolCache, QuestionPool

LEARNED: Final = frozenset({MasteryState.LEARNED, MasteryState.MASTERED, MasteryState.NEEDS_REVIEW})
PACE_DAYS: Final = 14
USUAL_PACE: Final = 10.0
"""Questions a day of a student who has not practised lately."""


@dataclass(frozen=True, slots=True)
class SkillStanding:
    """As of now, with what has been forgotten.

    `step` holds the mastery state and the change that a pause has brought, if any.
    """

    named: NamedSkillRow
    state: SkillState
    step: MasteryStep
    mastery: float
    can_be_practised: bool

    @property
    def is_learned(self) -> bool:
        return self.step.mastery.state in LEARNED


@dataclass(frozen=True, slots=True)
class Standing:
    """Arrays have one value a skill, in the order of `skills`."""

    pool: QuestionPool
    learner: LearnerState
    skills: Sequence[SkillStanding]
    beliefs: SkillBeliefs
    success: FloatArray
    forecast: MasteryForecast
    questions_per_day: float

    def name_of(self, skill_id: UUID) -> str:
        place = self.pool.skill_places.get(skill_id)
        return "" if place is None else self.pool.skill_names[place]

    def outlooks(self) -> list[SkillOutlook[UUID]]:
        """Of the skills that have questions; a skill without any stops nobody."""
        return [
            SkillOutlook(
                skill=skill.named.skill_id,
                mastery=skill.mastery,
                success=float(self.success[at]),
                questions=float(self.forecast.questions[at]),
                is_learned=skill.is_learned,
            )
            for at, skill in enumerate(self.skills)
            if skill.can_be_practised
        ]

    def edges(self) -> list[tuple[UUID, UUID]]:
        """Pairs of a skill and one that builds on it."""
        ids = self.pool.skill_ids
        return [(ids[before], ids[at]) for at, members in enumerate(self.pool.prerequisites) for before in members]


class StandingReader:
    def __init__(self, session: Session, pools: PoolCache) -> None:
        self.pools, self.practice, self.progress = pools, PracticeRepository(session), ProgressRepository(session)

    def read(self, user_id: UUID, subject_id: UUID, now: datetime) -> Standing:
        """Raises NotFoundError for an unknown or archived subject."""
        pool, learner = self.pool(subject_id), self.practice.learner_row(user_id)
        population = pool.population
        general = new_learner(population) if learner is None else LearnerState(*learner)
        mean, variance = faded_learner(population, general, now)
        general = replace(general, mean=mean, variance=variance)
        rows = self.practice.skill_states(user_id, subject_id)
        skills = [_skill_standing(pool, general, row, now) for row in rows]
        beliefs = _beliefs(pool, skills)
        return Standing(
            pool=pool,
            learner=general,
            skills=skills,
            beliefs=beliefs,
            success=skill_success(population, general, beliefs),
            forecast=forecast_mastery(population, general, beliefs, _rng(user_id, general)),
            questions_per_day=self._pace(user_id, now.astimezone(UTC).date()),
        )

    def pool(self, subject_id: UUID) -> QuestionPool:
        revision = self.practice.subject_revision(subject_id)
        if revision is None:
            raise NotFoundError("No such subject.")
        return self.pools.get(subject_id, revision)

    def _pace(self, user_id: UUID, today: date) -> float:
        return questions_per_day(self.progress.days(user_id, today - timedelta(days=PACE_DAYS - 1)), today)


def questions_per_day(days: Sequence[ActiveDay], today: date) -> float:
    """The student's pace since the first of these days with practice; at least 1."""
    if not days:
        return USUAL_PACE
    return max(1.0, sum(day.answers for day in days) / ((today - days[0].day).days + 1))


def _has_questions(pool: QuestionPool, skill_id: UUID) -> bool:
    place = pool.skill_places.get(skill_id)
    return place is not None and pool.by_skill[place].size > 0


def _skill_standing(pool: QuestionPool, learner: LearnerState, named: NamedSkillRow, now: datetime) -> SkillStanding:
    stored, offset = named.row, pool.offset_of(named.skill_id)
    state = new_skill(pool.population) if stored is None else skill_state(stored)
    mean, variance = faded_skill(pool.population, state, now)
    state = replace(state, mean=mean, variance=variance)
    mastery = mastery_probability(pool.population, learner, state, offset)
    step = after_pause(skill_mastery(stored), 0.0 if stored is None else stored.mastery, mastery)
    return SkillStanding(named, state, step, mastery, _has_questions(pool, named.skill_id))


def _beliefs(pool: QuestionPool, skills: Sequence[SkillStanding]) -> SkillBeliefs:
    return SkillBeliefs(
        mean=np.array([skill.state.mean for skill in skills]),
        variance=np.array([skill.state.variance for skill in skills]),
        offset=np.array([pool.offset_of(skill.named.skill_id) for skill in skills]),
    )


def _rng(user_id: UUID, learner: LearnerState) -> Generator:
    """The same figures until the next answer."""
    return Generator(PCG64([user_id.int % 2**64, learner.answers]))
