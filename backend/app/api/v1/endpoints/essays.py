from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.deps import ActorDep, EssayServiceDep, IdCursor, Limit, NowDep, Staff
from app.api.idempotency import IdempotencyDep
from app.schemas.base import Page
from app.schemas.essay import (
    EssayCorrectionCreate,
    EssayGradeCreate,
    EssayGradeHistory,
    EssayGradeRead,
    EssayItem,
    GradedEssayItem,
)

router = APIRouter(prefix="/essays", tags=["essays"])


OneSubject = Annotated[UUID | None, Query(description="Only this subject.")]


@router.get("", dependencies=[Staff])
def list_essays(
    actor: ActorDep,
    essays: EssayServiceDep,
    subject_id: OneSubject = None,
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


@router.get("/graded", dependencies=[Staff])
def list_graded_essays(
    actor: ActorDep,
    essays: EssayServiceDep,
    subject_id: OneSubject = None,
    cursor: IdCursor = None,
    limit: Limit = 20,
) -> Page[GradedEssayItem]:
    """Answers that people have graded, the latest answer first, each with the grade in force."""
    return essays.graded_page(actor, subject_id, cursor, limit)


@router.get("/{attempt_id}/grades", dependencies=[Staff])
def list_grades_of_essay(attempt_id: UUID, actor: ActorDep, essays: EssayServiceDep) -> EssayGradeHistory:
    """Every grade that people gave an answer: who, when, what, and why it was changed."""
    return essays.history(actor, attempt_id)


@router.post(
    "/{attempt_id}/corrections", status_code=HTTPStatus.CREATED, dependencies=[Staff], response_model=EssayGradeRead
)
def correct_grade_of_essay(  # one for each dependency
    attempt_id: UUID,
    body: EssayCorrectionCreate,
    actor: ActorDep,
    essays: EssayServiceDep,
    idempotency: IdempotencyDep,
    now: NowDep,
) -> Response:
    """Grade an answer again. Earlier grades stay in the history; what is known of the student follows the new one."""
    return idempotency.once(lambda: essays.correct(actor, attempt_id, body, now), EssayGradeRead)
