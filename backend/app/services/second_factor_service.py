"""One-time codes beside the password."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import ConflictError, InvalidInputError, NotFoundError, UnauthenticatedError
from app.core.second_factor import SecretBox, enrolment_uri, matching_step, new_recovery_codes, new_secret
from app.core.security import hash_opaque_token
from app.domain.audit import AuditAction
from app.domain.permissions import Actor
from app.models import SecondFactor, User
from app.repositories.audit_repository import AuditRepository
from app.repositories.login_repository import LoginRepository
from app.repositories.user_repository import UserRepository
from app.schemas.second_factor import RecoveryCodes, SecondFactorEnrolment, SecondFactorRead


class SecondFactorRequiredError(UnauthenticatedError):
    """The password was right; send the login again with the code of the authenticator app."""

    code = "second_factor_required"


class WrongCodeError(InvalidInputError):
    code = "wrong_code"


class SecondFactorService:
    """Every change locks the user first, so that a code cannot be used twice at once."""

    def __init__(self, session: Session, box: SecretBox, now: datetime) -> None:
        self.session, self.box, self.now = session, box, now
        self.users, self.logins, self.audit = (
            UserRepository(session),
            LoginRepository(session),
            AuditRepository(session),
        )

    def read(self, actor: Actor) -> SecondFactorRead:
        factor = self.session.get(SecondFactor, actor.user_id)
        if factor is None or factor.confirmed_at is None:
            return SecondFactorRead(is_enabled=False, confirmed_at=None, recovery_codes_left=0)
        left = len(factor.recovery_hashes)
        return SecondFactorRead(is_enabled=True, confirmed_at=factor.confirmed_at, recovery_codes_left=left)

    def enrol(self, actor: Actor) -> SecondFactorEnrolment:
        """A new secret, not in force before a code of it is confirmed; beginning again makes another one.

        Raises:
            ConflictError: One is in force already.
        """
        user, factor = self._locked(actor.user_id)
        if factor is not None and factor.confirmed_at is not None:
            raise ConflictError("A second factor is in force. Disable it first.")
        secret = new_secret()
        self.session.merge(
            SecondFactor(user_id=user.id, sealed_secret=self.box.seal(secret), last_step=0, recovery_hashes=[])
        )
        return SecondFactorEnrolment(secret=secret, uri=enrolment_uri(secret, user.email))

    def confirm(self, actor: Actor, code: str) -> RecoveryCodes:
        """Put the secret in force; its recovery codes are told this once.

        Raises:
            ConflictError: Nothing was begun, or it is in force already.
            WrongCodeError: Not the code of the moment.
        """
        user, factor = self._locked(actor.user_id)
        if factor is None or factor.confirmed_at is not None:
            raise ConflictError("There is no second factor to confirm.")
        if not self._use_code(factor, code):
            raise WrongCodeError("This is not the code of the moment. Check the clock of your phone.")
        codes = new_recovery_codes()
        factor.confirmed_at, factor.recovery_hashes = self.now, [hash_opaque_token(each) for each in codes]
        self._record(AuditAction.SECOND_FACTOR_ENABLED, user.id)
        return RecoveryCodes(recovery_codes=codes)

    def disable(self, actor: Actor, code: str) -> None:
        """Raises WrongCodeError unless the code, or a recovery code, is right."""
        user, factor = self._locked(actor.user_id)
        if factor is None:
            return
        if factor.confirmed_at is not None and not self._use(factor, code):
            raise WrongCodeError("This is neither the code of the moment nor a recovery code.")
        self._remove(user, factor, actor.user_id)

    def reset(self, actor: Actor, user_id: UUID) -> None:
        """By an administrator, for somebody who lost the phone and the recovery codes; all their logins end."""
        if self.users.lock(actor, user_id) is None:
            raise NotFoundError("No such user.")
        user, factor = self._locked(user_id)
        if factor is not None:
            user.token_version += 1
            self.logins.end_all(user_id, self.now)
            self._remove(user, factor, actor.user_id)

    def passes(self, user_id: UUID, code: str | None) -> bool:
        """Whether a login may go on; a code that was used is used up.

        Raises:
            SecondFactorRequiredError: There is a second factor, and no code was sent.
        """
        _, factor = self._locked(user_id)
        if factor is None or factor.confirmed_at is None:
            return True
        if not code:
            raise SecondFactorRequiredError("Send the code of your authenticator app too.")
        if self._use(factor, code):
            return True
        self._record(AuditAction.SECOND_FACTOR_FAILED, user_id)
        return False

    def _use(self, factor: SecondFactor, code: str) -> bool:
        return self._use_code(factor, code) or self._use_recovery_code(factor, code)

    def _use_code(self, factor: SecondFactor, code: str) -> bool:
        step = matching_step(self.box.open(factor.sealed_secret), code.replace(" ", ""), self.now, factor.last_step)
        factor.last_step = step or factor.last_step
        return step is not None

    def _use_recovery_code(self, factor: SecondFactor, code: str) -> bool:
        digest = hash_opaque_token(code.strip().lower())
        if digest not in factor.recovery_hashes:
            return False
        factor.recovery_hashes = [each for each in factor.recovery_hashes if each != digest]
        self._record(AuditAction.RECOVERY_CODE_USED, factor.user_id)
        return True

    def _remove(self, user: User, factor: SecondFactor, actor_id: UUID) -> None:
        self.session.delete(factor)
        self.audit.record(
            AuditAction.SECOND_FACTOR_DISABLED, actor_id=actor_id, object_type="user", object_id=str(user.id)
        )

    def _locked(self, user_id: UUID) -> tuple[User, SecondFactor | None]:
        user = self.users.lock_for_login(user_id)
        if user is None:
            raise NotFoundError("No such user.")
        return user, self.session.get(SecondFactor, user_id, populate_existing=True)

    def _record(self, action: AuditAction, user_id: UUID) -> None:
        self.audit.record(action, actor_id=user_id, object_type="user", object_id=str(user_id))
