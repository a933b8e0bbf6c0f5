from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.audit import AuditAction
from app.models import AuditEvent, User
from app.repositories.keyset import Slice


@dataclass(frozen=True, slots=True)
class AuditFilter:
    actor_id: UUID | None = None
    action: AuditAction | None = None
    object_type: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """`actor_name` is None for an event without a user, and for one whose user is gone."""

    event: AuditEvent
    actor_name: str | None


class AuditRepository:
    """Append-only: there is no way to change or delete an event."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def record(
        self, action: AuditAction, *, actor_id: UUID | None, object_type: str, object_id: str, **details: Any
    ) -> None:
        """Add an event to the caller's transaction; `details` hold ids and plain words, no addresses and no secrets."""
        request_id = structlog.contextvars.get_contextvars().get("request_id", "")
        self.session.add(
            AuditEvent(
                action=action,
                actor_id=actor_id,
                object_type=object_type,
                object_id=object_id,
                details=details,
                request_id=request_id,
            )
        )

    def page(self, wanted: AuditFilter, *, before: UUID | None, limit: int) -> Slice[ListedEvent]:
        """Newest first."""
        statement = (
            select(AuditEvent, User.name)
            .outerjoin(User, User.id == AuditEvent.actor_id)
            .order_by(AuditEvent.id.desc())
            .limit(limit + 1)
        )
        for name in ("actor_id", "action", "object_type", "object_id"):
            value = getattr(wanted, name)
            if value is not None:
                statement = statement.where(getattr(AuditEvent, name) == value)
        if wanted.since is not None:
            statement = statement.where(AuditEvent.at >= wanted.since)
        if wanted.until is not None:
            statement = statement.where(AuditEvent.at < wanted.until)
        if before is not None:
            statement = statement.where(AuditEvent.id < before)
        rows = [ListedEvent(*row) for row in self.session.execute(statement)]
        return Slice(rows[:limit], str(rows[limit - 1].event.id) if len(rows) > limit else None)
