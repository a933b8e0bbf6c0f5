from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.enums import UserStatus
from app.models import User

# Built once: it runs for every request.
_ACTING = select(User.role, User.token_version).where(
    User.id == bindparam("user_id"), User.status == UserStatus.ACTIVE.value
)


class UserRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def acting(self, user_id: UUID) -> tuple[str, int] | None:
        """Role and token version of a user who may act now, None when suspended or gone."""
        row = self.session.execute(_ACTING, {"user_id": user_id}).one_or_none()
        return None if row is None else (row.role, row.token_version)
