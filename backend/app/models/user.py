from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.enums import Role, UserStatus
from app.models.base import Json, Record, Timestamped, one_of


class User(Timestamped, Record):
    """`extra_time` is the share by which the time limits of this person's exams are longer,
    `must_change_password` is set while somebody else knows the password.
    """

    __tablename__ = "users"
    __table_args__ = (
        one_of("role", Role),
        one_of("status", UserStatus),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("extra_time BETWEEN 0 AND 2", name="extra_time_range"),
    )

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), default=UserStatus.ACTIVE)
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default="false")
    token_version: Mapped[int] = mapped_column(default=0)
    locale: Mapped[str] = mapped_column(String(35), default="en")
    extra_time: Mapped[float] = mapped_column(default=0.0, server_default="0")
    preferences: Mapped[Json] = mapped_column(default=dict, server_default="{}")
    last_login_at: Mapped[datetime | None]
