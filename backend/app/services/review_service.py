"""Reviews to come: what is due, and a plan up to an exam."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.ai.personalization.review_plan import daily_limit, plan_reviews
from app.ai.personalization.review_queue import FloatArray, retrievability
from app.ai.personalization.review_schedule import settings_of
from app.core.errors import InvalidInputError, NotFoundError
from app.domain.permissions import Actor
from app.models import ReviewResumption
from app.repositories.practice_repository import PracticeRepository
from app.repositories.practice_step_rows import CardRow
from app.repositories.review_repository import ReviewRepository, ReviewScope
from app.schemas.review import (
    DueCard,
    DueReviews,
    PlannedDay,
    ResumedReview,
    ReviewDay,
    ReviewPlan,
    ReviewPlanCreate,
    SuspendedReviews,
)

UPCOMING: Final = timedelta(days=14)
FARTHEST_EXAM: Final = timedelta(days=730)
DAY_S: Final = 86_400.0


class ReviewService:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.reviews, self.practice = ReviewRepository(session), PracticeRepository(session)

    def due(self, user_id: UUID, subject_id: UUID | None, now: datetime, limit: int) -> DueReviews:
        scope = ReviewScope(user_id, subject_id)
        counts = self.reviews.counts(scope, now)
        upcoming = self.reviews.days(scope, now, now + UPCOMING)
        return DueReviews(
            count=counts.due,
            in_steps=counts.in_steps,
            suspended=counts.suspended,
            upcoming=[ReviewDay(day=day, reviews=reviews) for day, reviews in upcoming],
            items=self._items(user_id, self.reviews.cards(scope, now, limit=limit), now),
        )

    def suspended(self, user_id: UUID, subject_id: UUID | None, now: datetime, limit: int) -> SuspendedReviews:
        cards = self.reviews.suspended(ReviewScope(user_id, subject_id), limit)
        return SuspendedReviews(items=self._items(user_id, cards, now))

    def resume(self, actor: Actor, user_id: UUID, question_id: UUID, now: datetime) -> ResumedReview:
        """Let a suspended question into reviews again; doing it twice changes nothing.

        Raises:
            NotFoundError: The student has no review card of it.
        """
        self.practice.lock_learner(user_id)
        card = self.reviews.card(user_id, question_id)
        if card is None:
            raise NotFoundError("No such review.")
        if card.is_suspended:
            card.is_suspended = False
            self.session.add(
                ReviewResumption(user_id=user_id, question_id=question_id, resumed_by=actor.user_id, at=now)
            )
            self.session.flush()
        return ResumedReview(question_id=question_id, due=card.due, lapses=card.lapses)

    def plan(self, actor: Actor, wish: ReviewPlanCreate, now: datetime) -> ReviewPlan:
        """Raises InvalidInputError for an exam that is not ahead, NotFoundError for an unknown subject."""
        today = now.astimezone(UTC).date()
        days = (wish.exam_date - today).days
        if not 1 <= days <= FARTHEST_EXAM.days:
            raise InvalidInputError("The exam must be tomorrow or later, within two years.")
        if self.practice.subject_revision(wish.subject_id) is None:
            raise NotFoundError("No such subject.")
        scope = ReviewScope(actor.user_id, wish.subject_id, wish.skill_ids)
        exam = datetime.combine(wish.exam_date, time(), UTC)
        cards = self.reviews.cards(scope, now, before=exam)
        planned = _planned(cards, today, days)
        return ReviewPlan(
            exam_date=wish.exam_date, reviews=len(cards), daily_limit=daily_limit(len(cards), days), days=planned
        )

    def _items(self, user_id: UUID, cards: Sequence[CardRow], now: datetime) -> list[DueCard]:
        decay = settings_of(self.reviews.memory(user_id)).decay
        stems = self.reviews.stems([card.question_id for card in cards])
        return [
            DueCard(
                question_id=card.question_id,
                subject_id=card.subject_id,
                stem=stems.get(card.question_id, ""),
                due=card.due,
                phase=card.phase,
                recall=round(recall, 4),
                lapses=card.lapses,
            )
            for card, recall in zip(cards, recall_of(cards, now, decay).tolist(), strict=True)
        ]


def recall_of(cards: Sequence[CardRow], at: datetime, decay: float) -> FloatArray:
    """Chance that each card is still known; `decay` of the student's forgetting curve. Shape ``(n,)``."""
    days = np.array([(at - card.last_review).total_seconds() / DAY_S for card in cards])
    return retrievability(np.array([card.stability for card in cards]), days, decay)


def _planned(cards: Sequence[CardRow], today: date, days: int) -> list[PlannedDay]:
    start = datetime.combine(today, time(), UTC)
    due_in_days = np.array([(card.due - start).total_seconds() / DAY_S for card in cards])
    load: list[list[UUID]] = [[] for _ in range(days)]
    for card, day in zip(cards, plan_reviews(due_in_days, days).tolist(), strict=True):
        load[day].append(card.question_id)
    return [
        PlannedDay(day=today + timedelta(days=number), reviews=len(ids), question_ids=ids)
        for number, ids in enumerate(load)
    ]
