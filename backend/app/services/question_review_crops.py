"""Cutting the pictures of reviewed questions out of the paper they were read from."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import NotFoundError
from app.integrations.storage import FileMissingError
from app.models import ImportJob, QuestionReview
from app.repositories.question_review_repository import QuestionReviewRepository
from app.services.import_runner import ImportTools
from app.services.page_cutting import Place, cut

BATCH = 50
MAX_CROP_BYTES = 20 * 1024 * 1024


class ReviewCrops:
    """Safe to start again at any point: what is cut is not cut twice."""

    def __init__(self, tools: ImportTools) -> None:
        self._tools = tools
        self._reached = (0, 0, "Cutting pictures")

    def cut(self, import_id: UUID) -> int:
        """How many questions got their pictures; where a page cannot be shown, one is missing."""
        with self._tools.sessions() as session:
            total, sha256 = QuestionReviewRepository(session).count_uncut(import_id), _sha256(session, import_id)
        done = 0
        while batch := self._uncut(import_id):
            self._reached = (done, total, "Cutting pictures")
            hashes = self._cut(batch, sha256)
            with self._tools.sessions.begin() as session:
                QuestionReviewRepository(session).set_crops(hashes)
            done += len(batch)
        return done

    def _uncut(self, import_id: UUID) -> dict[UUID, list[Place]]:
        with self._tools.sessions() as session:
            return {each.id: _places(each) for each in QuestionReviewRepository(session).uncut(import_id, BATCH)}

    def _cut(self, batch: Mapping[UUID, list[Place]], sha256: str) -> dict[UUID, list[str | None]]:
        places = [place for each in batch.values() for place in each]
        try:
            with self._tools.store.open(sha256) as stream:
                pictures = iter(cut(stream, places, self._tell))
        except FileMissingError as error:
            raise NotFoundError("The uploaded file is lost.") from error
        return {review_id: [self._kept(next(pictures)) for _ in each] for review_id, each in batch.items()}

    def _kept(self, picture: bytes) -> str | None:
        return self._tools.store.put([picture], MAX_CROP_BYTES).sha256 if picture else None

    def _tell(self) -> None:
        self._tools.progress(*self._reached)


def _places(review: QuestionReview) -> list[Place]:
    return [(region["page"], tuple(region["box"])) for region in review.regions]


def _sha256(session: Session, import_id: UUID) -> str:
    row = session.get(ImportJob, import_id)
    if row is None:
        raise NotFoundError("No such import.")
    return row.sha256
