from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from app.schemas.base import OutputModel


class AuditEventRead(OutputModel):
    id: UUID
    at: datetime
    actor_id: UUID | None
    action: str
    object_type: str
    object_id: str
    details: dict[str, JsonValue]
    request_id: str
