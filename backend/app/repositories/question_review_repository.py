from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from app.domain.permissions import Actor
from app.models import ImportJob, Question, QuestionReview
from app.repositories.question_repository import visible_questions

STEM_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    subject_id: UUID | None = None
    import_id: UUID | None = None
    is_accepted: bool = False
    most_confidence: float | None = None


class QuestionReviewRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self.session.execute(insert(QuestionReview), [dict(row) for row in rows])

    def page(self, actor: Actor, wanted: ReviewFilter, after: UUID | None, limit: int) -> list[dict[str, Any]]:
        """In the order of the papers, oldest import first; ids are time-ordered, so they are the cursor too."""
        statement = _items(actor).order_by(QuestionReview.id).limit(limit)
        accepted = QuestionReview.accepted_at
        statement = statement.where(accepted.is_not(None) if wanted.is_accepted else accepted.is_(None))
        if wanted.subject_id is not None:
            statement = statement.where(QuestionReview.subject_id == wanted.subject_id)
        if wanted.import_id is not None:
            statement = statement.where(QuestionReview.import_id == wanted.import_id)
        if wanted.most_confidence is not None:
            statement = statement.where(QuestionReview.confidence <= wanted.most_confidence)
        if after is not None:
            statement = statement.where(QuestionReview.id > after)
        return [dict(row) for row in self.session.execute(statement).mappings()]

    def item(self, actor: Actor, review_id: UUID) -> dict[str, Any] | None:
        found = self.session.execute(_items(actor).where(QuestionReview.id == review_id)).mappings().one_or_none()
        return None if found is None else dict(found)

    def lock(self, actor: Actor, review_id: UUID) -> QuestionReview | None:
        statement = (
            select(QuestionReview)
            .join(Question, Question.id == QuestionReview.question_id)
            .where(QuestionReview.id == review_id, visible_questions(actor))
            .with_for_update(of=QuestionReview)
            .execution_options(populate_existing=True)
        )
        return self.session.scalar(statement)

    def count_uncut(self, import_id: UUID) -> int:
        uncut = (QuestionReview.import_id == import_id, QuestionReview.crops.is_(None))
        return self.session.scalar(select(func.count()).where(*uncut)) or 0

    def uncut(self, import_id: UUID, limit: int) -> list[QuestionReview]:
        statement = select(QuestionReview).where(QuestionReview.import_id == import_id, QuestionReview.crops.is_(None))
        return list(self.session.scalars(statement.order_by(QuestionReview.id).limit(limit)))

    def set_crops(self, crops: Mapping[UUID, list[str | None]]) -> None:
        for review_id, hashes in crops.items():
            self.session.execute(update(QuestionReview).where(QuestionReview.id == review_id).values(crops=hashes))

    def accept(self, review: QuestionReview, by: UUID, now: datetime) -> None:
        review.accepted_at, review.accepted_by = now, by
        self.session.flush()


def _items(actor: Actor) -> Select[Any]:
    return (
        select(
            *QuestionReview.__table__.columns,
            Question.number.label("question_number"),
            Question.type,
            Question.status,
            func.left(Question.stem_text, STEM_LENGTH).label("stem"),
            ImportJob.filename,
        )
        .join(Question, Question.id == QuestionReview.question_id)
        .join(ImportJob, ImportJob.id == QuestionReview.import_id)
        .where(visible_questions(actor))
    )
