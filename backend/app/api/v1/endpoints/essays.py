from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.deps import ActorDep, EssayServiceDep, IdCursor, Limit, NowDep, Staff
from app.api.idempotency import IdempotencyDep
from app.schemas.base import Page
from app.schemas.essay import EssayGradeCreate, EssayGradeRead, EssayItem

router = APIRouter(prefix="/essays", tags=["essays"])


@router.get("", dependencies=[Staff])
def list_essays(
    actor: ActorDep,
    essays: EssayServiceDep,
    subject_id: Annotated[UUID | None, Query(description="Only this subject.")] = None,
    cursor: IdCursor = None,
    limit: Limit = 20,
) -> Page[EssayItem]:
    """Answers that wait for a grade, the oldest first, each with the rubric and the explanation of its question."""
    return essays.page(actor, subject_id, cursor, limit)


@router.post("/{attempt_id}/grade", status_code=HTTPStatus.CREATED, dependencies=[Staff], response_model=EssayGradeRead)
def grade_essay(  # one for each dependency
    attempt_id: UUID,
    body: EssayGradeCreate,
    actor: ActorDep,
    essays: EssayServiceDep,
    idempotency: IdempotencyDep,
    now: NowDep,
) -> Response:
    """Grade an answer with a comment. The grade is appended and counts once for what is known of the student."""
    return idempotency.once(lambda: essays.grade(actor, attempt_id, body, now), EssayGradeRead)
