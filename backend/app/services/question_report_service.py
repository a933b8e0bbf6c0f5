from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, NotFoundError
from app.domain.audit import AuditAction
from app.domain.enums import ReportStatus
from app.domain.permissions import Actor
from app.models import QuestionReport
from app.repositories.audit_repository import AuditRepository
from app.repositories.question_report_repository import QuestionReportRepository
from app.schemas.question_report import QuestionReportCreate, QuestionReportResolve
from app.utils.ids import new_id


class QuestionReportService:
    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.reports, self.audit = QuestionReportRepository(session), AuditRepository(session)

    def report(self, actor: Actor, question_id: UUID, body: QuestionReportCreate) -> QuestionReport:
        """A second report of the same person replaces the first as long as that is open.

        Raises:
            NotFoundError: No such question, or one that the student was never shown.
        """
        version = self.reports.reportable(actor, question_id)
        if version is None:
            raise NotFoundError("No such question.")
        return self.reports.put(
            {
                "id": new_id(),
                "question_id": question_id,
                "version": version,
                "user_id": actor.user_id,
                "reason": body.reason.value,
                "comment": body.comment,
                "status": ReportStatus.OPEN.value,
                "created_at": self.now,
            }
        )

    def resolve(self, actor: Actor, report_id: UUID, body: QuestionReportResolve) -> dict[str, Any]:
        """Close a report; closing it again in the same way changes nothing.

        Raises:
            ConflictError: It was closed in the other way.
        """
        report = self.reports.lock(report_id)
        if report is None:
            raise NotFoundError("No such report.")
        if report.status not in {ReportStatus.OPEN, body.status}:
            raise ConflictError(f"This report is {report.status} already.")
        if report.status == ReportStatus.OPEN:
            report.status, report.note = body.status.value, body.note
            report.resolved_at, report.resolved_by = self.now, actor.user_id
            self.session.flush()
            self.audit.record(
                AuditAction.QUESTION_REPORT_RESOLVED,
                actor_id=actor.user_id,
                object_type="question_report",
                object_id=str(report_id),
                status=body.status.value,
            )
        return self.reports.item(report_id)
