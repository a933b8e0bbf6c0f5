from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.enums import Role, UserStatus
from app.domain.permissions import Actor
from app.models import RefreshToken, User
from app.repositories.keyset import Slice

# Built once: it runs for every request.
_ACTING = select(
    User.role,
    User.token_version,
    exists()
    .where(
        RefreshToken.user_id == User.id,
        RefreshToken.family_id == bindparam("login_id"),
        RefreshToken.revoked_at.is_not(None),
    )
    .label("has_logged_out"),
).where(User.id == bindparam("user_id"), User.status == UserStatus.ACTIVE.value)


class Acting(NamedTuple):
    """A user who may act now, as far as the login has not ended."""

    role: str
    token_version: int
    has_logged_out: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    user_id: UUID
    digest: str


@dataclass(frozen=True, slots=True)
class UserFilter:
    role: Role | None = None
    status: UserStatus | None = None
    text: str | None = None


class UserRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def acting(self, user_id: UUID, login_id: UUID) -> Acting | None:
        """None for somebody who is suspended or gone."""
        row = self.session.execute(_ACTING, {"user_id": user_id, "login_id": login_id}).one_or_none()
        return None if row is None else Acting._make(row)

    def preferred_success(self, user_id: UUID) -> float | None:
        """The share of right answers the user wants practice to aim at, None for the default."""
        preferences = self.session.scalar(select(User.preferences).where(User.id == user_id)) or {}
        wanted = preferences.get("target_success")
        return None if wanted is None else float(wanted)

    def credentials(self, email: str) -> Credentials | None:
        row = self.session.execute(select(User.id, User.password_hash).where(User.email == email)).one_or_none()
        return None if row is None else Credentials(row.id, row.password_hash)

    def taken(self, emails: Collection[str]) -> set[str]:
        """Those of the canonical addresses that belong to an account."""
        return set(self.session.scalars(select(User.email).where(User.email.in_(emails)))) if emails else set()

    def add(self, values: dict[str, Any]) -> User | None:
        """The new user, None when the e-mail address is taken."""
        statement = insert(User).values(values).on_conflict_do_nothing(index_elements=[User.email]).returning(User)
        return self.session.scalar(statement)

    def get(self, actor: Actor, user_id: UUID) -> User | None:
        return self.session.scalar(_visible_to(actor).where(User.id == user_id))

    def lock(self, actor: Actor, user_id: UUID) -> User | None:
        return self._locked(_visible_to(actor).where(User.id == user_id))

    def lock_for_login(self, user_id: UUID) -> User | None:
        """For those who proved a password or a reset token; everybody else has an actor."""
        return self._locked(select(User).where(User.id == user_id))

    def lock_by_email(self, email: str) -> User | None:
        return self._locked(select(User).where(User.email == email))

    def lock_by_refresh_token(self, token_hash: str) -> User | None:
        """The lock is on the user, so that refreshing and ending all logins take turns."""
        owner = select(RefreshToken.user_id).where(RefreshToken.token_hash == token_hash).scalar_subquery()
        return self._locked(select(User).where(User.id == owner))

    def lock_active_admins(self) -> set[UUID]:
        """All active admins, locked in one order so that two demotions at once cannot leave none."""
        statement = (
            select(User.id)
            .where(User.role == Role.ADMIN, User.status == UserStatus.ACTIVE)
            .order_by(User.id)
            .with_for_update(key_share=True)
        )
        return set(self.session.scalars(statement))

    def page(self, actor: Actor, wanted: UserFilter, *, before: UUID | None, limit: int) -> Slice[User]:
        """Newest first."""
        statement = _visible_to(actor).order_by(User.id.desc()).limit(limit + 1)
        if wanted.role is not None:
            statement = statement.where(User.role == wanted.role)
        if wanted.status is not None:
            statement = statement.where(User.status == wanted.status)
        if wanted.text:
            statement = statement.where(
                or_(
                    User.name.icontains(wanted.text, autoescape=True),
                    User.email.contains(wanted.text.lower(), autoescape=True),
                )
            )
        if before is not None:
            statement = statement.where(User.id < before)
        rows = self.session.scalars(statement).all()
        return Slice(list(rows[:limit]), str(rows[limit - 1].id) if len(rows) > limit else None)

    def _locked(self, statement: Select[User]) -> User | None:
        """Locked against other changes of the user, not against new rows that refer to it."""
        return self.session.scalar(statement.with_for_update(key_share=True).execution_options(populate_existing=True))


def _visible_to(actor: Actor) -> Select[User]:
    statement = select(User)
    return statement if actor.is_admin else statement.where(User.id == actor.user_id)
