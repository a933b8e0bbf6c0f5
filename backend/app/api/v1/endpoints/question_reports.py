from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.api.deps import ActorDep, AnyUser, IdCursor, Limit, QuestionReportServiceDep, SessionDep, Staff
from app.api.idempotency import IdempotencyDep
from app.domain.enums import ReportStatus
from app.repositories.question_report_repository import QuestionReportRepository, ReportFilter
from app.schemas.base import Page
from app.schemas.question_report import (
    QuestionReportCreate,
    QuestionReportItem,
    QuestionReportRead,
    QuestionReportResolve,
)

router = APIRouter(tags=["question reports"])


@router.post(
    "/questions/{question_id}/reports",
    status_code=HTTPStatus.CREATED,
    dependencies=[AnyUser],
    response_model=QuestionReportRead,
)
def report_question(
    question_id: UUID,
    body: QuestionReportCreate,
    actor: ActorDep,
    reports: QuestionReportServiceDep,
    idempotency: IdempotencyDep,
) -> Response:
    """Tell what is wrong with a question you were shown. A second report replaces your first while that is open."""
    return idempotency.once(lambda: reports.report(actor, question_id, body), QuestionReportRead)


@router.get("/question-reports", dependencies=[Staff], response_model=Page[QuestionReportItem])
def list_reports(
    session: SessionDep,
    status: Annotated[ReportStatus | None, Query(description="Only reports in this state.")] = None,
    subject_id: Annotated[UUID | None, Query(description="Only questions of this subject.")] = None,
    question_id: Annotated[UUID | None, Query(description="Only this question.")] = None,
    cursor: IdCursor = None,
    limit: Limit = 20,
) -> dict[str, object]:
    """Reports on questions, the newest first."""
    wanted = ReportFilter(status, subject_id, question_id)
    found = QuestionReportRepository(session).page(wanted, cursor, limit)
    return {"items": found, "next_cursor": str(found[-1]["id"]) if len(found) == limit else None}


@router.post("/question-reports/{report_id}/resolve", dependencies=[Staff], response_model=QuestionReportItem)
def resolve_report(
    report_id: UUID, body: QuestionReportResolve, actor: ActorDep, reports: QuestionReportServiceDep
) -> dict[str, Any]:
    """Close a report with a note. Doing it again changes nothing."""
    return reports.resolve(actor, report_id, body)
