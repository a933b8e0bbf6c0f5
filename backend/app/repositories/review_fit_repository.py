"""Forgetting curves of single students: who is due for a fit, and the log of fits."""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app.domain.enums import ReviewFitOutcome
from app.models import LearnerStateRecord, ReviewCardRecord, ReviewFit
from app.repositories.copying import copy_rows
from app.repositories.practice_step_rows import CardRow

_WAITING: Final = text(
    """
    SELECT l.user_id FROM learner_states l
    LEFT JOIN LATERAL (SELECT f.answers FROM review_fits f WHERE f.user_id = l.user_id ORDER BY f.id DESC LIMIT 1) f
         ON true
    WHERE l.answers >= :least AND l.answers >= :growth * coalesce(f.answers, 0)
    ORDER BY l.user_id
    """
)
_REVIEWS: Final = text(
    """
    SELECT count(*) FROM (
        SELECT answered_at - lag(answered_at) OVER (PARTITION BY question_id ORDER BY id) AS pause
        FROM attempts WHERE user_id = :user_id AND rating IS NOT NULL
    ) r WHERE pause >= interval '1 day'
    """
)


class InForce(NamedTuple):
    """What holds for a student, and their answers so far; no parameters = the published curve."""

    parameters: list[float] | None
    answers: int


class ReviewFitRepository:
    """Every query names the student, but the one that finds whose turn it is."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def waiting(self, least: int, growth: float) -> Sequence[UUID]:
        """Students with so many answers, and so many times as many as at their last fit."""
        return self.session.scalars(_WAITING, {"least": least, "growth": growth}).all()

    def in_force(self, user_id: UUID) -> InForce | None:
        """None for a student who never practised."""
        statement = select(LearnerStateRecord.review_parameters, LearnerStateRecord.answers)
        row = self.session.execute(statement.where(LearnerStateRecord.user_id == user_id)).one_or_none()
        return None if row is None else InForce._make(row)

    def latest(self, user_id: UUID, outcome: ReviewFitOutcome | None = None) -> ReviewFit | None:
        """The last fit, or the last one that came out like this."""
        statement = select(ReviewFit).where(ReviewFit.user_id == user_id)
        if outcome is not None:
            statement = statement.where(ReviewFit.outcome == outcome.value)
        return self.session.scalars(statement.order_by(ReviewFit.id.desc()).limit(1)).first()

    def telling_reviews(self, user_id: UUID) -> int:
        """Reviews at least a day after the one before of the same question."""
        return int(self.session.scalar(_REVIEWS, {"user_id": user_id}) or 0)

    def put_into_force(self, user_id: UUID, parameters: Sequence[float] | None) -> None:
        values = {"review_parameters": None if parameters is None else list(parameters)}
        self.session.execute(update(LearnerStateRecord).where(LearnerStateRecord.user_id == user_id).values(values))

    def cards(self, user_id: UUID) -> list[CardRow]:
        columns = [getattr(ReviewCardRecord, name) for name in CardRow._fields]
        rows = self.session.execute(select(*columns).where(ReviewCardRecord.user_id == user_id))
        return [CardRow._make(row) for row in rows]

    def replace_cards(self, user_id: UUID, cards: Collection[CardRow]) -> None:
        self.session.execute(delete(ReviewCardRecord).where(ReviewCardRecord.user_id == user_id))
        copy_rows(self.session, ReviewCardRecord, [{"user_id": user_id, **card._asdict()} for card in cards])

    def add(self, fit: ReviewFit) -> None:
        self.session.add(fit)
        self.session.flush()
