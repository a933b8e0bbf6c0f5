from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from app.schemas.base import OutputModel


class AuditEventRead(OutputModel):
    """`actor_name` is what the person is called now; null = nobody was logged in, or the account is gone."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    actor_name: str | None
    action: str
    object_type: str
    object_id: str
    details: dict[str, JsonValue]
    request_id: str
