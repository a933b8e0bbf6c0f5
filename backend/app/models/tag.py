from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record


class Tag(Record):
    __tablename__ = "tags"

    name: Mapped[str] = mapped_column(String(200), unique=True)
