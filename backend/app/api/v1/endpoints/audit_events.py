from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from app.api.deps import Admin, AuditRepositoryDep, IdCursor, Limit
from app.domain.audit import AuditAction
from app.repositories.audit_repository import AuditFilter, ListedEvent
from app.schemas.audit import AuditEventRead
from app.schemas.base import Page

router = APIRouter(prefix="/audit-events", tags=["audit"])


def get_audit_filter(
    actor_id: UUID | None = None,
    action: AuditAction | None = None,
    object_type: Annotated[str | None, Query(max_length=32, examples=["user"])] = None,
    object_id: Annotated[str | None, Query(max_length=64)] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> AuditFilter:
    return AuditFilter(actor_id, action, object_type, object_id, since, until)


AuditFilterDep = Annotated[AuditFilter, Depends(get_audit_filter)]


@router.get("", dependencies=[Admin])
def list_audit_events(
    wanted: AuditFilterDep, events: AuditRepositoryDep, cursor: IdCursor = None, limit: Limit = 50
) -> Page[AuditEventRead]:
    """Who did what, the newest first."""
    found = events.page(wanted, before=cursor, limit=limit)
    return Page(items=[_read(listed) for listed in found.items], next_cursor=found.next_cursor)


def _read(listed: ListedEvent) -> AuditEventRead:
    event = listed.event
    return AuditEventRead(
        id=event.id,
        at=event.at,
        actor_id=event.actor_id,
        actor_name=listed.actor_name,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        details=event.details,
        request_id=event.request_id,
    )
