"""The rows of simulated practice, with the values that the service would have stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from app.ai.personalization.review_schedule import ReviewRating
from app.domain.behaviours import Outcome
from app.domain.enums import AttemptAction, Behaviour, SessionStatus
from app.domain.grading import Grade
from app.domain.responses import Response
from app.models import Assignment, Attempt, AttemptGrade, PracticeSession
from app.repositories.copying import copy_rows
from app.repositories.practice_step_rows import AssignmentWrite
from app.services.mastery_update import SkillMove
from app.services.practice_planner import SessionPlan
from app.services.practice_step_records import RESULTS_KEPT
from app.services.practice_view import StepEffects, mastery_effects

Row = dict[str, Any]


@dataclass(frozen=True)
class Answered:
    """One shown question with the student's only answer to it."""

    shown: AssignmentWrite
    key_id: UUID
    response: Response
    graded: Grade
    outcome: Outcome
    attempt_id: UUID
    rating: ReviewRating
    at: datetime
    elapsed_ms: int


@dataclass
class Standing:
    """Where a session stands after its last answer."""

    status: SessionStatus = SessionStatus.ACTIVE
    score: float = 0.0
    mark: float = 0.0
    results: list[float] = field(default_factory=list)

    def take(self, answered: Answered, length: int) -> None:
        self.results.append(answered.graded.fraction)
        self.score = round(self.score + answered.outcome.fraction, 6)
        self.mark = round(self.mark + answered.outcome.mark, 6)
        if len(self.results) == length:
            self.status = SessionStatus.FINISHED


@dataclass(frozen=True)
class PracticeRows:
    """Columns and values of the practice tables."""

    sessions: list[Row] = field(default_factory=list)
    assignments: list[Row] = field(default_factory=list)
    attempts: list[Row] = field(default_factory=list)
    grades: list[Row] = field(default_factory=list)

    def copy(self, session: Session) -> None:
        copy_rows(session, PracticeSession, self.sessions)
        copy_rows(session, Assignment, self.assignments)
        copy_rows(session, Attempt, self.attempts)
        copy_rows(session, AttemptGrade, self.grades)

    def add_answer(self, answered: Answered, effects: StepEffects) -> None:
        shown = {column.name: getattr(answered.shown, column.name) for column in fields(AssignmentWrite)}
        state = answered.outcome.state.model_dump(mode="json", exclude_defaults=True)
        self.assignments.append(shown | {"state": state, "finished_at": answered.at})
        self.attempts.append(_attempt(answered, effects))
        self.grades.append(_grade(answered))

    def add_session(self, plan: SessionPlan, standing: Standing, began: datetime, ended: datetime) -> None:
        count = len(standing.results)
        self.sessions.append(
            {
                "user_id": plan.user_id,
                "id": plan.session_id,
                "subject_id": plan.subject_id,
                "mode": plan.mode.value,
                "behaviour": Behaviour.IMMEDIATE.value,
                "status": standing.status.value,
                "skill_ids": list(plan.skill_ids),
                "question_ids": list(plan.question_ids),
                "target_success": plan.target_success,
                "length": plan.length,
                "seed": plan.seed,
                "shown": count,
                "answered": count,
                "score": standing.score,
                "mark": standing.mark,
                "recent": standing.results[-RESULTS_KEPT:],
                "started_at": began,
                "last_at": ended,
                "finished_at": ended,
            }
        )


def effects_of(standing: Standing, moves: Sequence[SkillMove], next_id: UUID | None) -> StepEffects:
    """Of an answer that finished its question at once; `standing` is the one after it."""
    return StepEffects(
        finished=True,
        tries=1,
        told=True,
        reveal=True,
        hint=None,
        mastery=mastery_effects(moves),
        session=(standing.status.value, len(standing.results), standing.score, standing.mark),
        next_id=None if next_id is None else str(next_id),
    )


def dated_id(at: datetime) -> UUID:
    """A time-ordered id of that moment: pages and histories are sorted by id."""
    return uuid7(nanoseconds=int(at.timestamp() * 1_000) * 1_000_000)


def _attempt(answered: Answered, effects: StepEffects) -> Row:
    shown = answered.shown
    return {
        "user_id": shown.user_id,
        "id": answered.attempt_id,
        "assignment_id": shown.id,
        "question_id": shown.question_id,
        "client_key": str(answered.attempt_id),
        "action": AttemptAction.ANSWER.value,
        "response": answered.response.model_dump(mode="json", exclude_none=True),
        "elapsed_ms": answered.elapsed_ms,
        "evidence": answered.graded.fraction,
        "weight": 1.0,
        "rating": int(answered.rating),
        "model_version": shown.model_version,
        "effects": effects.to_json(),
        "answered_at": answered.at,
    }


def _grade(answered: Answered) -> Row:
    return {
        "user_id": answered.shown.user_id,
        "attempt_id": answered.attempt_id,
        "number": 1,
        "key_id": answered.key_id,
        "state": answered.graded.state.value,
        "fraction": answered.outcome.fraction,
        "mark": answered.outcome.mark,
        "parts": answered.graded.parts,
        "graded_at": answered.at,
        "reason": "",
    }
