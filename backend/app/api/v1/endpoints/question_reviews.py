from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from app.api.deps import ActorDep, FileStoreDep, QuestionReviewServiceDep, SessionDep, Staff
from app.api.downloads import Download, stored_parts
from app.repositories.question_review_repository import QuestionReviewRepository, ReviewFilter
from app.schemas.base import Page
from app.schemas.question_review import (
    QuestionReviewAccept,
    QuestionReviewAcceptMany,
    QuestionReviewQuery,
    QuestionReviewRead,
    QuestionReviewSummary,
    ReviewResult,
)
from app.services.question_review_service import Verdict
from app.services.question_review_views import review_page, review_read

router = APIRouter(prefix="/question-reviews", tags=["question reviews"], dependencies=[Staff])

_PICTURE: Final[dict[str, Any]] = {
    "content": {"image/webp": {"schema": {"type": "string", "format": "binary"}}},
    "description": "The picture.",
}
_HEADERS: Final = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@router.get("")
def list_reviews(
    query: Annotated[QuestionReviewQuery, Query()], actor: ActorDep, session: SessionDep
) -> Page[QuestionReviewSummary]:
    """Questions that were read from papers and wait to be compared with their pages, in the order of the papers."""
    wanted = ReviewFilter(query.subject_id, query.import_id, query.accepted, query.max_confidence)
    return review_page(QuestionReviewRepository(session).page(actor, wanted, query.cursor, query.limit), query.limit)


@router.post("/accept")
def accept_reviews(body: QuestionReviewAcceptMany, actor: ActorDep, reviews: QuestionReviewServiceDep) -> ReviewResult:
    """Accept up to 100 questions as they were read; the reply says what became of each."""
    return ReviewResult(items=reviews.accept_many(actor, body))


@router.get("/{review_id}")
def read_review(review_id: UUID, actor: ActorDep, reviews: QuestionReviewServiceDep) -> QuestionReviewRead:
    """One question with the confidence of its fields and the addresses of the pictures of its source."""
    return review_read(reviews.read(actor, review_id))


@router.get("/{review_id}/crops/{number}", response_class=Response, responses={200: _PICTURE})
def download_crop(
    review_id: UUID,
    number: Annotated[int, Path(ge=0, le=1000)],
    actor: ActorDep,
    reviews: QuestionReviewServiceDep,
    store: FileStoreDep,
) -> Response:
    """The picture of a place on the page that the question was read from."""
    parts = stored_parts(store, reviews.crop(actor, review_id, number))
    return Download(parts, "image/webp", _HEADERS)


@router.post("/{review_id}/accept")
def accept_review(
    review_id: UUID, body: QuestionReviewAccept, actor: ActorDep, reviews: QuestionReviewServiceDep
) -> QuestionReviewRead:
    """Accept a question as it was read, or with corrections, and publish it. Accepting again changes nothing."""
    return review_read(reviews.accept(actor, review_id, Verdict(body.draft, body.revision, body.publish)))


@router.post("/{review_id}/reject", status_code=HTTPStatus.NO_CONTENT)
def reject_review(review_id: UUID, actor: ActorDep, reviews: QuestionReviewServiceDep) -> None:
    """Delete a question that was read where there is none, or that nobody wants."""
    reviews.reject(actor, review_id)
