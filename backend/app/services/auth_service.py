from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.config import AuthSettings
from app.core.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from app.core.security import AccessClaims, Tokens, hash_opaque_token, new_opaque_token
from app.domain.audit import AuditAction
from app.domain.enums import Role, UserStatus
from app.domain.permissions import Actor
from app.models import RefreshToken, User
from app.repositories.audit_repository import AuditRepository
from app.repositories.login_repository import LoginRepository, LoginSummary
from app.repositories.user_repository import Credentials, UserRepository
from app.services.user_service import EmailTakenError
from app.utils.ids import new_id


class InvalidCredentialsError(UnauthenticatedError):
    code = "invalid_credentials"


class AccountSuspendedError(ForbiddenError):
    """Told only to somebody who knows the password."""

    code = "account_suspended"


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """Where a login comes from, shown to its user in the list of logins."""

    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Login:
    user: User
    login_id: UUID
    access_token: str
    refresh_token: str
    expires_in: int
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  # a scheme, not a secret


@dataclass(frozen=True, slots=True)
class ClaimedLogin:
    """A login locked for this transaction by one of its refresh tokens."""

    user: User
    link: RefreshToken
    refresh_token: str = field(repr=False)


class AuthService:
    def __init__(self, session: Session, tokens: Tokens, settings: AuthSettings, now: datetime) -> None:
        self.users = UserRepository(session)
        self.logins = LoginRepository(session)
        self.audit = AuditRepository(session)
        self.tokens, self.settings, self.now = tokens, settings, now

    def log_in(self, proven: Credentials, client: ClientInfo) -> Login:
        """Start a login for a user whose password was just checked against `proven.digest`."""
        user = self.users.lock_for_login(proven.user_id)
        if user is None or user.password_hash != proven.digest:
            raise InvalidCredentialsError("The e-mail address or the password is wrong.")
        if user.status != UserStatus.ACTIVE:
            raise AccountSuspendedError("This account is suspended. Ask an administrator.")
        self.logins.delete_expired(user.id, self.now)
        return self._start(user, client)

    def _start(self, user: User, client: ClientInfo) -> Login:
        user.last_login_at = self.now
        login = self._extend(user, new_id(), client)
        self._record(AuditAction.LOGIN_SUCCEEDED, user.id, login_id=str(login.login_id))
        return login

    def refuse_login(self, user_id: UUID | None) -> None:
        """Note a wrong password; for an unknown address too, so that both cost the same."""
        known = "" if user_id is None else str(user_id)
        self.audit.record(AuditAction.LOGIN_FAILED, actor_id=None, object_type="user", object_id=known)

    def register(self, *, email: str, name: str, locale: str, digest: str, client: ClientInfo) -> Login:
        """Create a student and log them in.

        Raises:
            EmailTakenError: The address belongs to another account.
        """
        user = self.users.add(
            {"email": email, "name": name, "role": Role.STUDENT, "locale": locale, "password_hash": digest}
        )
        if user is None:
            raise EmailTakenError("There is an account with this e-mail address already.")
        self._record(AuditAction.USER_REGISTERED, user.id)
        return self._start(user, client)

    def claim(self, refresh_token: str) -> ClaimedLogin:
        """Lock the login that a refresh token belongs to; raises UnauthenticatedError when it has ended."""
        token_hash = hash_opaque_token(refresh_token)
        user = self.users.lock_by_refresh_token(token_hash)
        link = self.logins.link(token_hash)
        if (
            user is None
            or user.status != UserStatus.ACTIVE
            or link is None
            or link.revoked_at is not None
            or link.expires_at <= self.now
        ):
            raise UnauthenticatedError("This login has ended. Log in again.")
        return ClaimedLogin(user, link, refresh_token)

    def refresh(self, claimed: ClaimedLogin, client: ClientInfo) -> Login | None:
        """The next tokens of a claimed login.

        None when the token had been used before: it was copied, so the whole login is ended, and the caller must let
        this transaction commit. Within the grace a second use is an honest race of two tabs,
        and both get the same token.
        """
        user, link = claimed.user, claimed.link
        grace = timedelta(seconds=self.settings.refresh_grace_s)
        if link.used_at is not None and self.now - link.used_at > grace:
            self.logins.end(user.id, link.family_id, self.now)
            self._record(AuditAction.REFRESH_TOKEN_REUSED, user.id, login_id=str(link.family_id))
            return None
        link.used_at = link.used_at or self.now
        successor = self.tokens.successor(claimed.refresh_token)
        if self.logins.link(hash_opaque_token(successor)) is None:
            self._add_link(user, link.family_id, client, successor)
        return self._login(user, link.family_id, successor)

    def log_out(self, actor: Actor) -> None:
        self.users.lock(actor, actor.user_id)
        if self.logins.end(actor.user_id, actor.login_id, self.now):
            self._record(AuditAction.LOGIN_ENDED, actor.user_id, login_id=str(actor.login_id))

    def log_out_everywhere(self, actor: Actor) -> None:
        """Ends every login at once: access tokens carry the version that is raised here."""
        user = self._own(actor)
        user.token_version += 1
        self.logins.end_all(user.id, self.now)
        self._record(AuditAction.LOGIN_ENDED_EVERYWHERE, user.id)

    def live_logins(self, actor: Actor) -> list[LoginSummary]:
        return self.logins.live(actor.user_id, self.now)

    def end_login(self, actor: Actor, login_id: UUID) -> None:
        user = self._own(actor)
        if not self.logins.end(user.id, login_id, self.now):
            raise NotFoundError("No such login.")
        self._record(AuditAction.LOGIN_ENDED, user.id, login_id=str(login_id))

    def change_password(self, actor: Actor, old: Credentials, digest: str, client: ClientInfo) -> Login:
        """Store a new password whose predecessor was just checked; every other login ends, this one gets new tokens."""
        user = self._own(actor)
        if user.password_hash != old.digest:
            raise InvalidCredentialsError("The old password is wrong.")
        user.password_hash, user.must_change_password = digest, False
        user.token_version += 1
        self.logins.end_all(user.id, self.now, keep=actor.login_id)
        self.logins.delete_resets(user.id)
        self._record(AuditAction.PASSWORD_CHANGED, user.id)
        return self._extend(user, actor.login_id, client)

    def _extend(self, user: User, login_id: UUID, client: ClientInfo) -> Login:
        refresh_token = new_opaque_token()
        self._add_link(user, login_id, client, refresh_token)
        return self._login(user, login_id, refresh_token)

    def _add_link(self, user: User, login_id: UUID, client: ClientInfo, refresh_token: str) -> None:
        self.logins.add_link(
            RefreshToken(
                user_id=user.id,
                family_id=login_id,
                token_hash=hash_opaque_token(refresh_token),
                user_agent=client.user_agent,
                address=client.address,
                created_at=self.now,
                expires_at=self.now + timedelta(seconds=self.settings.refresh_ttl_s),
            )
        )

    def _login(self, user: User, login_id: UUID, refresh_token: str) -> Login:
        claims = AccessClaims(user.id, Role(user.role), user.token_version, login_id, user.must_change_password)
        access_token = self.tokens.issue(claims, self.now)
        return Login(user, login_id, access_token, refresh_token, self.settings.access_ttl_s)

    def _own(self, actor: Actor) -> User:
        user = self.users.lock(actor, actor.user_id)
        if user is None:
            raise UnauthenticatedError("This login has ended.")
        return user

    def _record(self, action: AuditAction, user_id: UUID, **details: str) -> None:
        self.audit.record(action, actor_id=user_id, object_type="user", object_id=str(user_id), **details)
