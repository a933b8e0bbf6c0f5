"""A student's own forgetting curve: fitted, put into force, and told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.ai.personalization.review_fit import LEAST_REVIEWS, LoggedReview, MemoryFit
from app.ai.personalization.review_schedule import DEFAULT_PARAMETERS, ReviewRating, are_valid, settings_of
from app.domain.enums import ReviewFitOutcome
from app.models import ReviewFit
from app.repositories.learner_log_repository import LearnerLogRepository, LoggedStep
from app.repositories.practice_repository import PracticeRepository
from app.repositories.practice_step_rows import CardRow
from app.repositories.review_fit_repository import ReviewFitRepository
from app.schemas.review import FittedCurve, ReviewMemory
from app.services.learner_replay import amended
from app.services.review_update import refitted
from app.utils.ids import new_id

GROWTH: Final = 1.25
"""A fit is tried again when the answers have grown by a quarter: the last fifth of them is new to the last fit."""
FIRST_GOOD: Final = 2
"""Place of the stability after a first review rated good."""


@dataclass(frozen=True, slots=True)
class MemoryTask:
    """What one fit reads. `present` are the parameters in force (None = published) and `seen_until` their time."""

    user_id: UUID
    reviews: Sequence[LoggedReview]
    present: tuple[float, ...] | None
    seen_until: datetime | None
    answers: int
    latest: UUID | None


class ReviewMemoryService:
    def __init__(self, session: Session) -> None:
        self.session, self.fits = session, ReviewFitRepository(session)
        self.log, self.practice = LearnerLogRepository(session), PracticeRepository(session)

    def waiting(self) -> Sequence[UUID]:
        """Students whose curve should be fitted (again)."""
        return self.fits.waiting(LEAST_REVIEWS, GROWTH)

    def prepare(self, user_id: UUID) -> MemoryTask | None:
        """None for a student who is gone."""
        held, latest = self.fits.in_force(user_id), self.fits.latest(user_id)
        if held is None:
            return None
        own = self.fits.latest(user_id, ReviewFitOutcome.OWN) if held.parameters else None
        return MemoryTask(
            user_id,
            self._reviews(user_id),
            tuple(held.parameters) if held.parameters and are_valid(held.parameters) else None,
            None if own is None else own.at,
            held.answers,
            None if latest is None else latest.id,
        )

    def keep(self, task: MemoryTask, fit: MemoryFit, now: datetime) -> bool:
        """Write the fit down and let it hold if it is better; False when another run was faster."""
        self.practice.lock_learner(task.user_id)
        latest = self.fits.latest(task.user_id)
        if task.latest != (None if latest is None else latest.id) or self.fits.in_force(task.user_id) is None:
            return False
        self.fits.add(_logged(task, fit, now))
        if fit.outcome in {ReviewFitOutcome.OWN, ReviewFitOutcome.STANDARD}:
            self.fits.put_into_force(task.user_id, fit.parameters)
            self._refit_cards(task.user_id, fit.parameters)
        return True

    def read(self, user_id: UUID) -> ReviewMemory:
        """Which curve holds for a student, and why."""
        held, latest = self.fits.in_force(user_id), self.fits.latest(user_id)
        parameters = None if held is None else held.parameters
        is_own = parameters is not None and are_valid(parameters)
        fit = self.fits.latest(user_id, ReviewFitOutcome.OWN) if is_own else None
        reviews = self.fits.telling_reviews(user_id)
        outcome = None if latest is None else ReviewFitOutcome(latest.outcome)
        return ReviewMemory(
            is_own=is_own,
            reviews=reviews,
            least_reviews=LEAST_REVIEWS,
            last_outcome=outcome,
            fitted=None if fit is None else _curve(fit),
            first_interval_days=round(settings_of(parameters).parameters[FIRST_GOOD], 2),
            usual_first_interval_days=round(DEFAULT_PARAMETERS[FIRST_GOOD], 2),
            text=_text(fit, outcome, reviews),
        )

    def _reviews(self, user_id: UUID) -> list[LoggedReview]:
        return [
            LoggedReview(step.question_id, ReviewRating(step.rating), step.answered_at)
            for step in amended(self.log.entries(user_id))
            if isinstance(step, LoggedStep) and step.rating is not None
        ]

    def _refit_cards(self, user_id: UUID, parameters: Sequence[float] | None) -> None:
        """Every card as a replay of the log has it after this fit."""
        reviews: dict[object, list[tuple[ReviewRating, datetime]]] = {}
        for each in self._reviews(user_id):
            reviews.setdefault(each.card, []).append((each.rating, each.at))
        settings = settings_of(parameters)

        def anew(card: CardRow) -> CardRow:
            history = reviews.get(card.question_id)
            return card if history is None else refitted(card, history, settings)

        self.fits.replace_cards(user_id, [anew(card) for card in self.fits.cards(user_id)])


def _logged(task: MemoryTask, fit: MemoryFit, now: datetime) -> ReviewFit:
    is_own = fit.outcome is ReviewFitOutcome.OWN and fit.parameters is not None
    return ReviewFit(
        user_id=task.user_id,
        id=new_id(),
        outcome=fit.outcome.value,
        parameters=list(fit.parameters or ()) if is_own else None,
        answers=task.answers,
        reviews=fit.reviews,
        held_out=fit.held_out,
        log_loss=fit.log_loss,
        present_log_loss=fit.present_log_loss,
        standard_log_loss=fit.standard_log_loss,
        at=now,
    )


def _curve(fit: ReviewFit) -> FittedCurve:
    return FittedCurve(
        at=fit.at,
        reviews=fit.reviews,
        held_out=fit.held_out,
        log_loss=fit.log_loss or 0.0,
        usual_log_loss=fit.standard_log_loss or 0.0,
    )


def _text(fit: ReviewFit | None, outcome: ReviewFitOutcome | None, reviews: int) -> str:
    if fit is not None:
        return f"Your own forgetting curve, from {fit.reviews} reviews."
    if outcome in _STANDARD_TEXTS:
        return f"The standard forgetting curve. {_STANDARD_TEXTS[outcome]}"
    if reviews < LEAST_REVIEWS:
        return (
            f"The standard forgetting curve. Your own takes {LEAST_REVIEWS} reviews a day or more apart;"
            f" you have {reviews}."
        )
    return "The standard forgetting curve. One fitted to your reviews will be tried."


_STANDARD_TEXTS: Final = {
    ReviewFitOutcome.KEPT: "It predicts your reviews as well as one fitted to you.",
    ReviewFitOutcome.STANDARD: "It predicts your latest reviews better than your former own one.",
    ReviewFitOutcome.UNIFORM: "You recalled everything, or nothing; no curve can be fitted to that.",
    ReviewFitOutcome.FAILED: "No curve could be fitted to your reviews.",
}
