from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import JsonValue
from sqlalchemy.orm import Session

from app.core.errors import AppError, NotFoundError
from app.domain.audit import AuditAction
from app.domain.enums import QuestionStatus
from app.domain.permissions import Actor
from app.domain.question_draft import QuestionDraft
from app.domain.readings import without_reading
from app.models import QuestionReview
from app.repositories.audit_repository import AuditRepository
from app.repositories.question_repository import FullQuestion, QuestionRepository
from app.repositories.question_review_repository import QuestionReviewRepository
from app.repositories.subject_repository import SubjectRepository
from app.schemas.question import BulkOutcome, PublishProblemRead, QuestionStatusUpdate
from app.schemas.question_review import QuestionReviewAcceptMany, ReviewItem
from app.services.question_forms import draft_of
from app.services.question_service import Edit, QuestionService
from app.services.question_status_service import QuestionStatusService


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody found: the corrected text, or None where it was read rightly, and whether students may see it."""

    draft: QuestionDraft | None = None
    revision: int | None = None
    publish: bool = True


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as listed, with the whole question."""

    item: Mapping[str, Any]
    full: FullQuestion


class QuestionReviewService:
    """Lets staff compare what was read from papers with the pages. Locks the subject, the question, the review."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now
        self._reviews, self._audit = QuestionReviewRepository(session), AuditRepository(session)
        self._questions, self._subjects = QuestionRepository(session), SubjectRepository(session)

    def read(self, actor: Actor, review_id: UUID) -> ReviewView:
        item = self._reviews.item(actor, review_id)
        full = None if item is None else self._questions.full(actor, item["question_id"])
        if item is None or full is None:
            raise NotFoundError("No such review.")
        return ReviewView(item, full)

    def crop(self, actor: Actor, review_id: UUID, number: int) -> str:
        """Hash of the picture of a place, counted from 0."""
        item = self._reviews.item(actor, review_id)
        crops = (item or {}).get("crops") or []
        sha256 = crops[number] if number < len(crops) else None
        if sha256 is None:
            raise NotFoundError("There is no such picture.")
        return str(sha256)

    def accept(self, actor: Actor, review_id: UUID, verdict: Verdict) -> ReviewView:
        """Let a question be as it is, or as corrected. Accepting again changes nothing.

        Raises:
            NotPublishableError: It is to be published and something is missing.
            StaleRevisionError: Somebody else changed the question since it was read.
        """
        review = self._locked(actor, review_id)
        if review.accepted_at is None:
            self._apply(actor, review, verdict)
            self._reviews.accept(review, actor.user_id, self._now)
            self._record(AuditAction.QUESTION_REVIEW_ACCEPTED, actor, review, is_corrected=verdict.draft is not None)
        return self.read(actor, review_id)

    def accept_many(self, actor: Actor, body: QuestionReviewAcceptMany) -> list[ReviewItem]:
        """Accept each that can be accepted as it was read; the others are left as they are."""
        return [self._accept_one(actor, review_id, body) for review_id in dict.fromkeys(body.ids)]

    def reject(self, actor: Actor, review_id: UUID) -> None:
        """Delete a question that is none, or that nobody wants.

        Raises:
            QuestionShownError: It was published meanwhile.
        """
        review = self._locked(actor, review_id)
        if self._status(actor, review) is QuestionStatus.REVIEW:
            self._set_status(actor, review, QuestionStatus.DRAFT)
        self._record(AuditAction.QUESTION_REVIEW_REJECTED, actor, review)
        QuestionService(self._session, self._now).delete(actor, review.question_id)

    def _accept_one(self, actor: Actor, review_id: UUID, body: QuestionReviewAcceptMany) -> ReviewItem:
        try:
            with self._session.begin_nested():
                was_accepted = self._locked(actor, review_id).accepted_at is not None
                self.accept(actor, review_id, Verdict(publish=body.publish))
        except NotFoundError:
            return ReviewItem(id=review_id, outcome=BulkOutcome.NOT_FOUND)
        except AppError as error:
            problems = _problems(error.extra.get("problems"))
            return ReviewItem(id=review_id, outcome=BulkOutcome.REFUSED, message=error.detail, problems=problems)
        return ReviewItem(id=review_id, outcome=BulkOutcome.UNCHANGED if was_accepted else BulkOutcome.DONE)

    def _locked(self, actor: Actor, review_id: UUID) -> QuestionReview:
        item = self._reviews.item(actor, review_id)
        if item is not None:
            self._subjects.lock(item["subject_id"])
            self._questions.lock([item["question_id"]])
        review = self._reviews.lock(actor, review_id) if item is not None else None
        if review is None:
            raise NotFoundError("No such review.")
        return review

    def _apply(self, actor: Actor, review: QuestionReview, verdict: Verdict) -> None:
        full = self.read(actor, review.id).full
        draft = without_reading(verdict.draft or draft_of(full))
        QuestionService(self._session, self._now).update(actor, review.question_id, Edit(draft, verdict.revision))
        if QuestionStatus(full.question.status) in {QuestionStatus.REVIEW, QuestionStatus.DRAFT}:
            wanted = QuestionStatus.PUBLISHED if verdict.publish else QuestionStatus.DRAFT
            self._set_status(actor, review, wanted)

    def _status(self, actor: Actor, review: QuestionReview) -> QuestionStatus:
        return QuestionStatus(self.read(actor, review.id).full.question.status)

    def _set_status(self, actor: Actor, review: QuestionReview, status: QuestionStatus) -> None:
        statuses = QuestionStatusService(self._session, self._now)
        statuses.set_status(actor, review.question_id, QuestionStatusUpdate(status=status))

    def _record(self, action: AuditAction, actor: Actor, review: QuestionReview, **details: object) -> None:
        self._audit.record(
            action,
            actor_id=actor.user_id,
            object_type="question_review",
            object_id=str(review.id),
            question_id=str(review.question_id),
            **details,
        )


def _problems(told: JsonValue) -> list[PublishProblemRead]:
    return [PublishProblemRead.model_validate(each) for each in told] if isinstance(told, list) else []
