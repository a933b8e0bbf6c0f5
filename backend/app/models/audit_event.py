from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Json, Record


class AuditEvent(Record):
    """Who did what to which object; a trigger refuses UPDATE and DELETE."""

    __tablename__ = "audit_events"
    __table_args__ = (Index(None, "object_type", "object_id"), Index(None, "actor_id", "id"))

    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(String(64))
    object_type: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[Json] = mapped_column(default=dict)
    request_id: Mapped[str] = mapped_column(String(64), default="")
