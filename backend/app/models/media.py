from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, func
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record


class Media(Record):
    """A file of the content-addressed store; its opaque id is the only name a student sees.

    Images are stored re-encoded, so `sha256` names the stored bytes and `source_sha256` what was handed in: the same
    file handed in again is the same row, whatever the encoder makes of it by then.
    """

    __tablename__ = "media"
    __table_args__ = (CheckConstraint("size >= 0", name="size_range"),)

    sha256: Mapped[str] = mapped_column(String(64), index=True)
    source_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    mime: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
