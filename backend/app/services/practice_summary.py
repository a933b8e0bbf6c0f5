"""Looking back: what a session showed, and where a student stands in a subject."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from app.ai.personalization.user_modeling.kalman import sigmoid
from app.core.errors import ConflictError, NotFoundError
from app.domain.enums import SessionStatus
from app.domain.grading import correct_response, grade
from app.domain.grading.reveal import reveal
from app.domain.permissions import Actor
from app.domain.presentation import present
from app.domain.responses import Response
from app.repositories.practice_repository import PracticeRepository
from app.schemas.practice import (
    Progress,
    ReviewedQuestion,
    SessionRead,
    SessionSummary,
    SkillProgress,
    SummarySkill,
)
from app.services.practice_pool import PoolCache, QuestionPool
from app.services.question_cache import QuestionCache

Z_80: Final = 1.2816
"""Half width of an 80 % interval in standard deviations."""


class PracticeSummaryService:
    def __init__(self, session: Session, pools: PoolCache, questions: QuestionCache) -> None:
        self.session, self.pools, self.questions = session, pools, questions
        self.practice = PracticeRepository(session)

    def summary(self, actor: Actor, practice: SessionRead) -> SessionSummary:
        """Score, mastery before and after, and every answered question with its key.

        Raises:
            ConflictError: While the session goes on; its keys are not told before it has ended.
        """
        if practice.status != SessionStatus.FINISHED:
            raise ConflictError("Finish the session first.")
        answers = self.practice.last_answers(actor.user_id, practice.id)
        until = practice.finished_at or practice.last_at
        return SessionSummary(
            session=practice,
            minutes=round((until - practice.started_at).total_seconds() / 60, 1),
            skills=self._skills(actor.user_id, practice),
            questions=[self._reviewed(answer) for answer in answers],
        )

    def progress(self, actor: Actor, subject_id: UUID) -> Progress:
        """Ability and mastery with their uncertainty; a skill never practised shows what the prior says."""
        revision = self.practice.subject_revision(subject_id)
        if revision is None:
            raise NotFoundError("No such subject.")
        pool = self.pools.get(subject_id, revision)
        learner = self.practice.learner(actor.user_id)
        mean = learner.mean if learner else 0.0
        variance = learner.variance if learner else pool.population.user_variance
        skills = self.practice.skill_states(actor.user_id, subject_id)
        return Progress(
            subject_id=subject_id,
            answers=self.practice.answered_in(actor.user_id, subject_id),
            ability=round(mean, 4),
            ability_deviation=round(math.sqrt(variance), 4),
            skills=[_skill_progress(pool, row, mean, variance) for row in skills],
        )

    def _skills(self, user_id: UUID, practice: SessionRead) -> list[SummarySkill]:
        names = {row["id"]: row["name"] for row in self.practice.skill_states(user_id, practice.subject_id)}
        spans = _mastery_spans(self.practice.effects(user_id, practice.id))
        return [
            SummarySkill(skill_id=skill_id, name=names.get(skill_id, ""), answered=count, before=before, after=after)
            for skill_id, (count, before, after) in spans.items()
        ]

    def _reviewed(self, answer: RowMapping) -> ReviewedQuestion:
        question = self.questions.get(self.session, answer["version_id"])
        response = Response.model_validate(answer["response"])
        graded = grade(question.content, question.key, response, seed=answer["seed"])
        return ReviewedQuestion(
            position=answer["position"],
            question_id=answer["question_id"],
            question=present(question.content, question.key, answer["seed"]),
            state=answer["state"],
            fraction=answer["fraction"],
            response=response,
            answer=correct_response(question.content, question.key, seed=answer["seed"]),
            answer_text=list(reveal(question.content, question.key, answer["seed"])),
            explanation=question.key.explanation,
            feedback=list(graded.feedback),
        )


def _mastery_spans(effects: Sequence[Mapping[str, Any]]) -> dict[UUID, tuple[int, float, float]]:
    """For each skill: how many steps touched it, mastery before the first and after the last."""
    spans: dict[UUID, tuple[int, float, float]] = {}
    for effect in effects:
        for skill, before, after, *_ in effect["mastery"]:
            count, first, _ = spans.get(UUID(skill), (0, before, after))
            spans[UUID(skill)] = (count + 1, first, after)
    return spans


def _skill_progress(pool: QuestionPool, row: RowMapping, mean: float, variance: float) -> SkillProgress:
    known = row["mean"] is not None
    skill_mean = row["mean"] if known else 0.0
    skill_variance = row["variance"] if known else pool.population.skill_variance
    level = pool.population.intercept + mean + skill_mean - pool.offset_of(row["id"])
    spread = Z_80 * math.sqrt(variance + skill_variance)
    last_at: datetime | None = row["last_at"]
    return SkillProgress(
        skill_id=row["id"],
        name=row["name"],
        answers=row["answers"] or 0,
        mastery=round(row["mastery"] or 0.0, 4),
        level=round(sigmoid(level), 4),
        level_low=round(sigmoid(level - spread), 4),
        level_high=round(sigmoid(level + spread), 4),
        last_at=last_at,
    )
