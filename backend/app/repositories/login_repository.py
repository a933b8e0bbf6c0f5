from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.models import PasswordReset, RefreshToken, User


@dataclass(frozen=True, slots=True)
class LoginSummary:
    """One login of a user, put together from the links of its chain."""

    id: UUID
    user_agent: str
    address: str
    created_at: datetime
    last_used_at: datetime


class LoginRepository:
    """Refresh tokens and password resets; callers have locked the user, see UserRepository."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def add_link(self, link: RefreshToken) -> None:
        self.session.add(link)

    def link(self, token_hash: str) -> RefreshToken | None:
        statement = select(RefreshToken).where(RefreshToken.token_hash == token_hash)
        return self.session.scalar(statement.execution_options(populate_existing=True))

    def live(self, user_id: UUID, now: datetime) -> list[LoginSummary]:
        """Logins that can still be refreshed, the last used first."""
        family = RefreshToken.family_id
        newest = (
            select(
                family.label("id"),
                RefreshToken.user_agent,
                RefreshToken.address,
                func.min(RefreshToken.created_at).over(partition_by=family).label("created_at"),
                RefreshToken.created_at.label("last_used_at"),
            )
            .where(RefreshToken.user_id == user_id, RefreshToken.revoked_at.is_(None), RefreshToken.expires_at > now)
            .ext(distinct_on(family))
            .order_by(family, RefreshToken.created_at.desc(), RefreshToken.id.desc())
        )
        rows = [LoginSummary(*row) for row in self.session.execute(newest)]
        return sorted(rows, key=lambda login: login.last_used_at, reverse=True)

    def end(self, user_id: UUID, family_id: UUID, now: datetime) -> bool:
        """False when the user has no such login that is still open."""
        statement = (
            update(RefreshToken)
            .where(
                RefreshToken.user_id == user_id,
                RefreshToken.family_id == family_id,
                RefreshToken.revoked_at.is_(None),
            )
            .values(revoked_at=now)
            .returning(RefreshToken.id)
        )
        return bool(self.session.scalars(statement).all())

    def end_all(self, user_id: UUID, now: datetime, *, keep: UUID | None = None) -> None:
        statement = update(RefreshToken).where(RefreshToken.user_id == user_id, RefreshToken.revoked_at.is_(None))
        if keep is not None:
            statement = statement.where(RefreshToken.family_id != keep)
        self.session.execute(statement.values(revoked_at=now))

    def delete_expired(self, user_id: UUID, now: datetime) -> None:
        self.session.execute(
            delete(RefreshToken).where(RefreshToken.user_id == user_id, RefreshToken.expires_at <= now)
        )

    def add_reset(self, reset: PasswordReset) -> None:
        self.session.add(reset)

    def reset_owner(self, token_hash: str, now: datetime) -> User | None:
        return self.session.scalar(select(User).join(PasswordReset).where(*_open_reset(token_hash, now)))

    def use_reset(self, token_hash: str, now: datetime) -> UUID | None:
        """Its user, once: a second caller with the same token gets None."""
        return self.session.scalar(
            update(PasswordReset)
            .where(*_open_reset(token_hash, now))
            .values(used_at=now)
            .returning(PasswordReset.user_id)
        )

    def delete_resets(self, user_id: UUID) -> None:
        self.session.execute(delete(PasswordReset).where(PasswordReset.user_id == user_id))


def _open_reset(token_hash: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return PasswordReset.token_hash == token_hash, PasswordReset.used_at.is_(None), PasswordReset.expires_at > now
