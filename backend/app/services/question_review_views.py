"""Reviews of questions as staff read them."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.enums import QuestionType
from app.domain.publishing import publish_problems
from app.domain.readings import has_key
from app.schemas.base import Page
from app.schemas.question import PublishProblemRead
from app.schemas.question_review import FieldConfidence, PageCropRead, QuestionReviewRead, QuestionReviewSummary
from app.services.question_forms import draft_of
from app.services.question_review_service import ReviewView

PATH = "/api/v1/question-reviews"


def review_page(items: Sequence[Mapping[str, Any]], limit: int) -> Page[QuestionReviewSummary]:
    cursor = str(items[-1]["id"]) if len(items) == limit else None
    return Page(items=[QuestionReviewSummary.model_validate(_summary(item)) for item in items], next_cursor=cursor)


def review_read(view: ReviewView) -> QuestionReviewRead:
    draft = draft_of(view.full)
    problems = [PublishProblemRead(code=each.code.value, message=each.message) for each in publish_problems(draft)]
    more = {
        "revision": view.full.question.revision,
        "draft": draft,
        "fields": _fields(view.item),
        "crops": _crops(view.item),
        "are_crops_ready": view.item["crops"] is not None,
        "problems": problems,
    }
    return QuestionReviewRead.model_validate(_summary(view.item) | more)


def _summary(item: Mapping[str, Any]) -> dict[str, Any]:
    regions = item["regions"]
    told = {
        "page": regions[0]["page"] if regions else None,
        "is_key_missing": not item["key_from"] and has_key(QuestionType(item["type"])),
    }
    return {name: item[name] for name in QuestionReviewSummary.model_fields if name not in told} | told


def _fields(item: Mapping[str, Any]) -> FieldConfidence:
    key = item["fields"]["key"] if has_key(QuestionType(item["type"])) else None
    return FieldConfidence.model_validate(item["fields"] | {"key": key})


def _crops(item: Mapping[str, Any]) -> list[PageCropRead]:
    hashes = item["crops"] or [None] * len(item["regions"])
    return [
        PageCropRead(page=region["page"], box=region["box"], url=f"{PATH}/{item['id']}/crops/{number}" if sha else None)
        for number, (region, sha) in enumerate(zip(item["regions"], hashes, strict=True))
    ]
