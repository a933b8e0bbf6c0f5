from uuid import UUID

from app.schemas.base import OutputModel


class MediaRead(OutputModel):
    """A stored picture. A draft refers to it by `url`, or by a name of its own whose `sha256` is this one."""

    id: UUID
    url: str
    sha256: str
    mime: str
    size: int
    width: int | None
    height: int | None
