"""Which questions of an import somebody has to compare with their page."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.domain.question_draft import QuestionDraft
from app.domain.readings import Reading, reading_of
from app.repositories.question_rows import NewQuestion
from app.utils.ids import new_id


def needs_review(draft: QuestionDraft) -> bool:
    reading = reading_of(draft)
    return reading is not None and reading.needs_review


def review_rows(import_id: UUID, written: Iterable[tuple[QuestionDraft, NewQuestion]]) -> list[dict[str, Any]]:
    """Rows of `question_reviews` for those of the questions that need it."""
    readings = ((reading_of(draft), question) for draft, question in written)
    return [_row(import_id, reading, question) for reading, question in readings if reading and reading.needs_review]


def _row(import_id: UUID, reading: Reading, question: NewQuestion) -> dict[str, Any]:
    return {
        "id": new_id(),
        "question_id": question.id,
        "subject_id": question.subject_id,
        "import_id": import_id,
        "origin": reading.origin,
        "confidence": reading.confidence,
        "fields": {
            "stem": reading.stem_confidence,
            "options": [*reading.option_confidence],
            "key": reading.key_confidence,
        },
        "key_from": reading.key_from,
        "regions": [region.model_dump(mode="json") for region in reading.regions],
        "crops": None if reading.regions else [],
    }
