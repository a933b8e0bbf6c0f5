from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, NotFoundError
from app.domain.audit import AuditAction
from app.domain.emails import canonical_email
from app.domain.enums import Role, UserStatus
from app.domain.permissions import Actor
from app.models import User
from app.repositories.audit_repository import AuditRepository
from app.repositories.login_repository import LoginRepository
from app.repositories.user_repository import UserRepository
from app.schemas.user import UserBatchItem, UserBatchOutcome


class EmailTakenError(ConflictError):
    code = "email_taken"


class LastAdminError(ConflictError):
    code = "last_admin"


class OwnAccountError(ConflictError):
    code = "own_account"


@dataclass(frozen=True, slots=True)
class NewUser:
    """`digest` comes from `core.security.Passwords`, computed before the transaction.

    A temporary password is known to whoever made the account, so its owner must choose another one first.
    """

    email: str
    name: str
    digest: str
    role: Role = Role.STUDENT
    locale: str = "en"
    is_temporary: bool = False


@dataclass(frozen=True, slots=True)
class RefusedUser:
    """An account that cannot be made, with the rule that its password breaks."""

    email: str
    reason: str


class UserService:
    def __init__(self, session: Session, now: datetime) -> None:
        self.users = UserRepository(session)
        self.logins = LoginRepository(session)
        self.audit = AuditRepository(session)
        self.session, self.now = session, now

    def get(self, actor: Actor, user_id: UUID) -> User:
        return self._found(self.users.get(actor, user_id))

    def update_me(self, actor: Actor, changes: Mapping[str, Any]) -> User:
        """`changes` may hold name, locale and preferences; preferences are merged, a null goes back to the default."""
        user = self._found(self.users.lock(actor, actor.user_id))
        preferences = {**user.preferences, **changes.get("preferences", {})}
        user.preferences = {name: value for name, value in preferences.items() if value is not None}
        user.name = changes.get("name", user.name)
        user.locale = changes.get("locale", user.locale)
        return user

    def create(self, new: NewUser, *, actor_id: UUID | None) -> User:
        """Also for scripts, which have no actor: `actor_id=None`.

        Raises:
            EmailTakenError: The address belongs to another account.
        """
        user = self.users.add(
            {
                "email": canonical_email(new.email),
                "name": new.name,
                "role": new.role,
                "locale": new.locale,
                "password_hash": new.digest,
                "must_change_password": new.is_temporary,
            }
        )
        if user is None:
            raise EmailTakenError("There is an account with this e-mail address already.")
        self._record(AuditAction.USER_CREATED, actor_id, user, role=new.role.value)
        return user

    def create_many(self, wanted: Sequence[NewUser | RefusedUser], *, actor_id: UUID) -> list[UserBatchItem]:
        """One outcome for each, in their order; accounts that exist are left as they are."""
        return [self._create_one(each, actor_id) for each in wanted]

    def _create_one(self, new: NewUser | RefusedUser, actor_id: UUID) -> UserBatchItem:
        if isinstance(new, RefusedUser):
            return UserBatchItem(email=new.email, outcome=UserBatchOutcome.REFUSED, user_id=None, message=new.reason)
        try:
            user = self.create(new, actor_id=actor_id)
        except EmailTakenError as error:
            return UserBatchItem(email=new.email, outcome=UserBatchOutcome.EXISTS, user_id=None, message=error.detail)
        return UserBatchItem(email=user.email, outcome=UserBatchOutcome.CREATED, user_id=user.id, message="")

    def update(self, actor: Actor, user_id: UUID, changes: Mapping[str, Any]) -> User:
        """`changes` may hold name, role and extra_time."""
        user = self._lock_after_admins(actor, user_id)
        plain = [
            name for name in ("name", "extra_time") if changes.get(name, getattr(user, name)) != getattr(user, name)
        ]
        for name in plain:
            setattr(user, name, changes[name])
        if plain:
            self._record(AuditAction.USER_UPDATED, actor.user_id, user, fields=plain)
        if changes.get("role", user.role) != user.role:
            self._change_role(actor, user, Role(changes["role"]))
        return user

    def _change_role(self, actor: Actor, user: User, role: Role) -> None:
        """Access tokens name the role, so they end; a refresh brings the new one."""
        self._keep_an_admin(user)
        self._record(AuditAction.USER_ROLE_CHANGED, actor.user_id, user, before=user.role, after=role.value)
        user.role = role
        user.token_version += 1

    def suspend(self, actor: Actor, user_id: UUID) -> User:
        """Every login of the user ends at once. Repeats change nothing."""
        if user_id == actor.user_id:
            raise OwnAccountError("You cannot suspend yourself.")
        user = self._lock_after_admins(actor, user_id)
        if user.status != UserStatus.SUSPENDED:
            self._keep_an_admin(user)
            user.status = UserStatus.SUSPENDED
            self._end_logins(user)
            self._record(AuditAction.USER_SUSPENDED, actor.user_id, user)
        return user

    def activate(self, actor: Actor, user_id: UUID) -> User:
        user = self._lock_after_admins(actor, user_id)
        if user.status != UserStatus.ACTIVE:
            user.status = UserStatus.ACTIVE
            self._record(AuditAction.USER_ACTIVATED, actor.user_id, user)
        return user

    def set_password(self, actor: Actor, user_id: UUID, digest: str) -> None:
        """For somebody else: the own password changes only with the old one, also in a stolen session of an admin."""
        if user_id == actor.user_id:
            raise OwnAccountError("Change your own password with the old one.")
        user = self._lock_after_admins(actor, user_id)
        user.password_hash, user.must_change_password = digest, True
        self._end_logins(user)
        self.logins.delete_resets(user.id)
        self._record(AuditAction.PASSWORD_SET_BY_ADMIN, actor.user_id, user)

    def _lock_after_admins(self, actor: Actor, user_id: UUID) -> User:
        """The admins are locked first, always in one order, so that changes of two admins at once cannot deadlock."""
        self.users.lock_active_admins()
        return self._found(self.users.lock(actor, user_id))

    def _keep_an_admin(self, user: User) -> None:
        if self.users.lock_active_admins() == {user.id}:
            raise LastAdminError("This is the last active administrator.")

    def _end_logins(self, user: User) -> None:
        user.token_version += 1
        self.logins.end_all(user.id, self.now)

    def _record(self, action: AuditAction, actor_id: UUID | None, user: User, **details: Any) -> None:
        self.audit.record(action, actor_id=actor_id, object_type="user", object_id=str(user.id), **details)

    @staticmethod
    def _found(user: User | None) -> User:
        if user is None:
            raise NotFoundError("No such user.")
        return user
