from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session, sessionmaker

from app.core.config import Settings
from app.core.errors import BadRequestError
from app.core.logging import get_logger
from app.core.security import hash_opaque_token, new_opaque_token
from app.domain.audit import AuditAction
from app.domain.enums import Role, UserStatus
from app.integrations.mail import Mail, Mailer, MailError
from app.models import PasswordReset, User
from app.repositories.audit_repository import AuditRepository
from app.repositories.login_repository import LoginRepository
from app.repositories.user_repository import UserRepository

log = get_logger(__name__)

SUBJECT: Final = "Choose a new password"
TEXT: Final = """\
Somebody, probably you, asked for a new password for your account.

Open this link within {minutes} minutes to choose it:
{link}

If it was not you, do nothing: your password stays as it is.
"""


class InvalidResetTokenError(BadRequestError):
    code = "invalid_reset_token"


@dataclass(frozen=True, slots=True)
class ResetOwner:
    """What the rules for a new password depend on; `digest` is that of the present one."""

    email: str
    role: Role
    digest: str


class PasswordResetService:
    def __init__(self, session: Session, now: datetime) -> None:
        self.users = UserRepository(session)
        self.logins = LoginRepository(session)
        self.audit = AuditRepository(session)
        self.now = now

    def open(self, email: str, ttl: timedelta) -> str | None:
        """A token for the user of an address, None when there is no active one. Earlier tokens end."""
        user = self.users.lock_by_email(email)
        if user is None or user.status != UserStatus.ACTIVE:
            return None
        token = new_opaque_token()
        self.logins.delete_resets(user.id)
        self.logins.add_reset(
            PasswordReset(
                user_id=user.id,
                token_hash=hash_opaque_token(token),
                created_at=self.now,
                expires_at=self.now + ttl,
            )
        )
        self._record(AuditAction.PASSWORD_RESET_REQUESTED, user)
        return token

    def owner(self, token: str) -> ResetOwner:
        """Raises InvalidResetTokenError."""
        owner = self.logins.reset_owner(hash_opaque_token(token), self.now)
        if owner is None:
            raise _invalid()
        return ResetOwner(owner.email, Role(owner.role), owner.password_hash)

    def confirm(self, token: str, digest: str) -> None:
        """Store the new password, once for each token; every login of the user ends.

        Raises:
            InvalidResetTokenError: Unknown, used or too old, or the user is suspended.
        """
        user_id = self.logins.use_reset(hash_opaque_token(token), self.now)
        user = None if user_id is None else self.users.lock_for_login(user_id)
        if user is None or user.status != UserStatus.ACTIVE:
            raise _invalid()
        user.password_hash, user.must_change_password = digest, False
        user.token_version += 1
        self.logins.end_all(user.id, self.now)
        self._record(AuditAction.PASSWORD_RESET, user)

    def _record(self, action: AuditAction, user: User) -> None:
        self.audit.record(action, actor_id=None, object_type="user", object_id=str(user.id))


def _invalid() -> InvalidResetTokenError:
    return InvalidResetTokenError("This link is not valid any more. Ask for a new one.")


def send_password_reset(
    sessions: sessionmaker[Session], mailer: Mailer, settings: Settings, email: str, now: datetime
) -> None:
    """Runs after the reply, so that its time cannot tell whether the address is known; mail leaves after the commit."""
    ttl = timedelta(seconds=settings.auth.reset_ttl_s)
    with sessions.begin() as session:
        token = PasswordResetService(session, now).open(email, ttl)
    if token is None:
        return
    link = f"{settings.web.public_url.rstrip('/')}/reset-password#token={token}"
    try:
        mailer.send(Mail(email, SUBJECT, TEXT.format(minutes=int(ttl.total_seconds() // 60), link=link)))
    except MailError as error:
        log.warning("mail.failed", purpose="reset", error=str(error))
