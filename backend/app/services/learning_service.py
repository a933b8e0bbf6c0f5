"""Looking ahead and back over a subject: the learning path, progress with its forecast, and the history."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.ai.personalization.learning_path import (
    Pace,
    PathStep,
    path_reason,
    plan_path,
    questions_per_day_needed,
)
from app.ai.personalization.mastery import MasteryChange
from app.ai.personalization.mastery_forecast import FloatArray
from app.ai.personalization.success_forecast import Z_80, SuccessForecast, forecast_success
from app.ai.personalization.user_modeling.kalman import sigmoid
from app.core.errors import InvalidInputError
from app.repositories.practice_repository import PracticeRepository
from app.repositories.progress_repository import ActiveDay, ProgressRepository
from app.schemas.learning import (
    ActivityDay,
    LearningPath,
    MasteryEventRead,
    PathStepRead,
    Progress,
    ProgressForecast,
    ProgressHistory,
    SkillProgress,
)
from app.schemas.practice import ReasonRead
from app.services.practice_pool import PoolCache
from app.services.standing import SkillStanding, Standing, StandingReader

FARTHEST: Final = timedelta(days=3_650)
MINUTE_MS: Final = 60_000
USUAL_GOAL: Final = 0.80


@dataclass(frozen=True, slots=True)
class ForecastAim:
    """The day that is asked about (None = when everything should be learned), and the success that is wanted then."""

    on: date | None = None
    goal: float = USUAL_GOAL


class LearningService:
    def __init__(self, session: Session, pools: PoolCache) -> None:
        self.standings = StandingReader(session, pools)
        self.practice, self.progress_rows = PracticeRepository(session), ProgressRepository(session)

    def path(
        self, user_id: UUID, subject_id: UUID, goals: Sequence[UUID], deadline: date | None, now: datetime
    ) -> LearningPath:
        """Raises InvalidInputError for a goal outside the subject or a deadline that is not ahead."""
        today = now.astimezone(UTC).date()
        if deadline is not None and not today <= deadline <= today + FARTHEST:
            raise InvalidInputError("The deadline must be today or later, within ten years.")
        standing = self.standings.read(user_id, subject_id, now)
        if not {skill.named.skill_id for skill in standing.skills} >= set(goals):
            raise InvalidInputError("A goal is not a skill of this subject.")
        pace = Pace(today, standing.questions_per_day, deadline)
        steps = plan_path(standing.outlooks(), standing.edges(), goals, pace)
        needed = None if deadline is None else round(questions_per_day_needed(steps, today, deadline), 1)
        return LearningPath(
            subject_id=subject_id,
            questions_per_day=round(standing.questions_per_day, 1),
            needed_per_day=needed,
            finished_on=steps[-1].finished_on if steps else None,
            steps=_path_steps(standing, steps),
        )

    def progress(self, user_id: UUID, subject_id: UUID, aim: ForecastAim, now: datetime) -> Progress:
        """Ability and mastery with their uncertainty; a skill never practised shows what the prior says.

        Raises:
            NotFoundError: Unknown or archived subject.
            InvalidInputError: The day of the aim does not lie ahead.
        """
        today = now.astimezone(UTC).date()
        if aim.on is not None and not today <= aim.on <= today + FARTHEST:
            raise InvalidInputError("The day of the forecast must be today or later, within ten years.")
        standing = self.standings.read(user_id, subject_id, now)
        return Progress(
            subject_id=subject_id,
            answers=self.practice.answered_in(user_id, subject_id),
            ability=round(standing.learner.mean, 4),
            ability_deviation=round(math.sqrt(standing.learner.variance), 4),
            forecast=_forecast(standing, today, aim),
            skills=[_skill_progress(standing, at, skill) for at, skill in enumerate(standing.skills)],
        )

    def history(self, user_id: UUID, subject_id: UUID | None, days: int, limit: int, now: datetime) -> ProgressHistory:
        since = now.astimezone(UTC).date() - timedelta(days=days - 1)
        events = self.progress_rows.mastery_events(user_id, subject_id, limit)
        return ProgressHistory(
            days=[_activity(day) for day in self.progress_rows.days(user_id, since)],
            events=[MasteryEventRead(**event, text=MasteryChange(event["cause"]).text) for event in events],
        )


def _path_steps(standing: Standing, steps: Sequence[PathStep[UUID]]) -> list[PathStepRead]:
    states = {skill.named.skill_id: skill.step.mastery.state for skill in standing.skills}
    found = []
    for step in steps:
        text, parameters = path_reason(step, standing.name_of)
        outlook = step.outlook
        found.append(
            PathStepRead(
                skill_id=outlook.skill,
                name=standing.name_of(outlook.skill),
                state=states[outlook.skill],
                reason=ReasonRead(code=step.reason_code, text=text, parameters=dict(parameters)),
                is_ready=step.is_ready,
                waits_for=list(step.waits_for),
                opens=step.opens,
                mastery=round(outlook.mastery, 4),
                success=round(outlook.success, 4),
                questions=round(outlook.questions, 1),
                finished_on=step.finished_on,
                is_late=step.is_late,
            )
        )
    return found


def _forecast(standing: Standing, today: date, aim: ForecastAim) -> ProgressForecast:
    """Nothing is foretold of a subject without an answer: it would say what the prior and other subjects say."""
    has_begun = any(skill.named.row and skill.named.row.answers for skill in standing.skills)
    pace, needed = standing.questions_per_day, _questions_needed(standing)
    total = float(needed.sum())
    days = max(0, math.ceil(total / pace) - 1)
    ready_on = today + timedelta(days=days) if has_begun and days <= FARTHEST.days and needed.size else None
    on = aim.on or ready_on or today
    questions = pace * ((on - today).days + 1) if on > today else 0.0
    expected = _expected(standing, needed, questions) if has_begun else None
    return ProgressForecast(
        questions_per_day=round(pace, 1),
        questions_left=round(total, 1),
        ready_on=ready_on,
        on=on,
        success=None if expected is None else round(expected.success, 4),
        success_low=None if expected is None else round(expected.low, 4),
        success_high=None if expected is None else round(expected.high, 4),
        goal=aim.goal,
        chance=None if expected is None else round(expected.chance_of(aim.goal), 4),
        text=None if expected is None else _forecast_text(on, today, expected),
    )


def _forecast_text(on: date, today: date, expected: SuccessForecast) -> str:
    when = "Today" if on == today else f"On {on.day} {on:%B %Y}, at your present pace,"
    return f"{when} you should solve {100 * expected.low:.0f} to {100 * expected.high:.0f} % of the questions."


def _questions_needed(standing: Standing) -> FloatArray:
    """Questions to mastery of each skill, in the order of the skills; none of what is learned or has no questions."""
    is_open = [skill.can_be_practised and not skill.is_learned for skill in standing.skills]
    needed: FloatArray = np.where(is_open, standing.forecast.questions, 0.0)
    return needed


def _expected(standing: Standing, needed: FloatArray, questions: float) -> SuccessForecast | None:
    """Success on the subject after so many questions, spread over the skills as they need them."""
    if needed.size == 0:
        return None
    total = float(needed.sum())
    share = min(1.0, questions / total) if total else 0.0
    return forecast_success(standing.pool.population, standing.learner, standing.beliefs, needed * share)


def _skill_progress(standing: Standing, at: int, skill: SkillStanding) -> SkillProgress:
    population, row, held = standing.pool.population, skill.named.row, skill.step.mastery
    offset = float(standing.beliefs.offset[at])
    level = population.intercept + standing.learner.mean + skill.state.mean - offset
    spread = Z_80 * math.sqrt(standing.learner.variance + skill.state.variance)
    return SkillProgress(
        skill_id=skill.named.skill_id,
        name=skill.named.name,
        answers=0 if row is None else row.answers,
        mastery=round(0.0 if row is None else skill.mastery, 4),
        state=held.state,
        state_text=None if skill.step.change is None else skill.step.change.text,
        learned_at=held.learned_at,
        confirmations=held.confirmations,
        level=round(sigmoid(level), 4),
        level_low=round(sigmoid(level - spread), 4),
        level_high=round(sigmoid(level + spread), 4),
        questions_left=0.0 if skill.is_learned else round(float(standing.forecast.questions[at]), 1),
        reach=round(float(standing.forecast.reached[at]), 4),
        last_at=None if row is None else row.last_at,
    )


def _activity(day: ActiveDay) -> ActivityDay:
    return ActivityDay(
        day=day.day, answers=day.answers, score=round(day.score, 4), minutes=round(day.elapsed_ms / MINUTE_MS, 1)
    )
