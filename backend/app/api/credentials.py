"""Dependencies that check or hash a password before their endpoint runs.

A hash takes tens of milliseconds. These requests therefore are three steps: a short transaction that reads, the hash
with no connection held and in threads of its own, then the endpoint's transaction, which checks again what it read.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import SecretStr
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.api.client_info import ClientInfoDep, limited_network
from app.api.cookies import require_same_origin
from app.api.deps import (
    ActorDep,
    AuthServiceDep,
    PasswordResetServiceDep,
    ResourcesDep,
    SecondFactorServiceDep,
    SessionDep,
    TurnDep,
    UserServiceDep,
)
from app.api.slots import Turn
from app.core.errors import ForbiddenError, InvalidInputError
from app.core.security import Passwords, hash_opaque_token
from app.domain.enums import Role
from app.domain.passwords import password_weakness
from app.repositories.user_repository import Credentials, UserRepository
from app.schemas.auth import (
    LoginCreate,
    PasswordResetConfirm,
    PasswordUpdate,
    Registration,
)
from app.schemas.second_factor import DisableProof, PasswordProof
from app.schemas.user import TemporaryPassword, UserBatchCreate, UserCreate
from app.services.auth_service import AuthService, InvalidCredentialsError
from app.services.second_factor_service import WrongCodeError
from app.services.user_service import NewUser, RefusedUser


class WeakPasswordError(InvalidInputError):
    code = "weak_password"


class SamePasswordError(InvalidInputError):
    code = "same_password"


class WrongPasswordError(ForbiddenError):
    code = "wrong_password"


class RegistrationClosedError(ForbiddenError):
    code = "registration_closed"


async def same_origin(request: Request, resources: ResourcesDep) -> None:
    """Another site must not log a visitor in or out, not even without cookies."""
    require_same_origin(request, resources.settings)


class Hashing:
    """Hashes while others have the request's connection and its slot: dozens may wait for a hash, few for a slot."""

    def __init__(self, turn: Turn, passwords: Passwords) -> None:
        self._turn, self._passwords = turn, passwords

    async def matches(self, password: SecretStr, digest: str | None) -> bool:
        await self._turn.end()
        is_right = await self._passwords.verify_in_thread(password.get_secret_value(), digest)
        await self._turn.begin_again()
        return is_right

    async def digest(self, password: SecretStr, *, email: str, role: Role) -> str:
        """Raises WeakPasswordError when the password breaks a rule for its user."""
        weakness = password_weakness(password.get_secret_value(), email=email, role=role)
        if weakness is not None:
            raise WeakPasswordError(weakness)
        await self._turn.end()
        digest = await self._passwords.hash_in_thread(password.get_secret_value())
        await self._turn.begin_again()
        return digest

    async def digest_of_another(self, password: SecretStr, present: str, *, email: str, role: Role) -> str:
        """Raises SamePasswordError for the present password: whoever gave it to the user would go on knowing it."""
        if await self.matches(password, present):
            raise SamePasswordError("This is your present password. Choose another.")
        return await self.digest(password, email=email, role=role)


async def get_hashing(turn: TurnDep, resources: ResourcesDep) -> Hashing:
    return Hashing(turn, resources.passwords)


HashingDep = Annotated[Hashing, Depends(get_hashing)]


def find_credentials(
    body: LoginCreate, client: ClientInfoDep, resources: ResourcesDep, session: SessionDep
) -> Credentials | None:
    """None for an unknown address. Counts before it looks, so that parallel guesses cannot slip through."""
    limits = resources.settings.limits
    resources.limiter.hit(limits.login_address, "login_address", limited_network(client.address))
    resources.limiter.hit(limits.login_account, "login_account", hash_opaque_token(body.email))
    return UserRepository(session).credentials(body.email)


FoundCredentialsDep = Annotated[Credentials | None, Depends(find_credentials)]


async def prove_login(  # one for each dependency
    known: FoundCredentialsDep,
    body: LoginCreate,
    hashing: HashingDep,
    auth: AuthServiceDep,
    factors: SecondFactorServiceDep,
    session: SessionDep,
) -> Credentials:
    """Raises InvalidCredentialsError, the same and after the same work for a wrong password and an unknown address.

    A wrong one-time code is told apart: whoever sends one knows the password.
    """
    if await hashing.matches(body.password, known.digest if known else None) and known is not None:
        if await run_in_threadpool(factors.passes, known.user_id, body.code):
            return known
        await run_in_threadpool(session.commit)
        raise WrongCodeError("This is neither the code of the moment nor a recovery code.")
    await run_in_threadpool(_note_refusal, session, auth, known)
    raise InvalidCredentialsError("The e-mail address or the password is wrong.")


def _note_refusal(session: Session, auth: AuthService, known: Credentials | None) -> None:
    """Commits by itself: the error that follows rolls the request's transaction back."""
    auth.refuse_login(known.user_id if known else None)
    session.commit()


ProvenLoginDep = Annotated[Credentials, Depends(prove_login)]


@dataclass(frozen=True, slots=True)
class HashedRegistration:
    form: Registration
    digest: str


async def hash_registration(
    body: Registration, client: ClientInfoDep, resources: ResourcesDep, hashing: HashingDep
) -> HashedRegistration:
    if not resources.settings.auth.registration_open:
        raise RegistrationClosedError("Accounts are made by an administrator here.")
    rate = resources.settings.limits.register_address
    await run_in_threadpool(resources.limiter.hit, rate, "register_address", limited_network(client.address))
    digest = await hashing.digest(body.password, email=body.email, role=Role.STUDENT)
    return HashedRegistration(body, digest)


HashedRegistrationDep = Annotated[HashedRegistration, Depends(hash_registration)]


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A proven old password and the digest of the new one."""

    old: Credentials
    digest: str


async def prove_password_change(
    body: PasswordUpdate, actor: ActorDep, resources: ResourcesDep, hashing: HashingDep, users: UserServiceDep
) -> PasswordChange:
    rate = resources.settings.limits.login_account
    await run_in_threadpool(resources.limiter.hit, rate, "password_change", str(actor.user_id))
    user = await run_in_threadpool(users.get, actor, actor.user_id)
    if not await hashing.matches(body.old_password, user.password_hash):
        raise WrongPasswordError("The old password is wrong.")
    digest = await hashing.digest_of_another(
        body.new_password, user.password_hash, email=user.email, role=Role(user.role)
    )
    return PasswordChange(Credentials(user.id, user.password_hash), digest)


PasswordChangeDep = Annotated[PasswordChange, Depends(prove_password_change)]


@dataclass(frozen=True, slots=True)
class HashedReset:
    token: str
    digest: str


async def hash_reset(
    body: PasswordResetConfirm,
    client: ClientInfoDep,
    resources: ResourcesDep,
    hashing: HashingDep,
    resets: PasswordResetServiceDep,
) -> HashedReset:
    rate = resources.settings.limits.login_address
    await run_in_threadpool(resources.limiter.hit, rate, "reset_confirm", limited_network(client.address))
    owner = await run_in_threadpool(resets.owner, body.token)
    digest = await hashing.digest_of_another(body.new_password, owner.digest, email=owner.email, role=owner.role)
    return HashedReset(body.token, digest)


HashedResetDep = Annotated[HashedReset, Depends(hash_reset)]


async def hash_new_user(body: UserCreate, hashing: HashingDep) -> NewUser:
    digest = await hashing.digest(body.password, email=body.email, role=body.role)
    return NewUser(body.email, body.name, digest, body.role, body.locale, is_temporary=True)


NewUserDep = Annotated[NewUser, Depends(hash_new_user)]


async def hash_new_users(
    body: UserBatchCreate, users: UserServiceDep, hashing: HashingDep
) -> list[NewUser | RefusedUser]:
    """Accounts that exist already cost no hash: sending a batch again is cheap."""
    taken = await run_in_threadpool(users.users.taken, [user.email for user in body.users])
    return [await _hashed(user, hashing, is_taken=user.email in taken) for user in body.users]


async def _hashed(user: UserCreate, hashing: Hashing, *, is_taken: bool) -> NewUser | RefusedUser:
    if is_taken:
        return NewUser(user.email, user.name, "", user.role, user.locale)
    try:
        return await hash_new_user(user, hashing)
    except WeakPasswordError as error:
        return RefusedUser(user.email, error.detail)


NewUsersDep = Annotated[list[NewUser | RefusedUser], Depends(hash_new_users)]


async def hash_temporary_password(
    user_id: UUID, body: TemporaryPassword, actor: ActorDep, users: UserServiceDep, hashing: HashingDep
) -> str:
    user = await run_in_threadpool(users.get, actor, user_id)
    return await hashing.digest(body.password, email=user.email, role=Role(user.role))


TemporaryDigestDep = Annotated[str, Depends(hash_temporary_password)]


async def prove_own_password(
    body: PasswordProof, actor: ActorDep, resources: ResourcesDep, hashing: HashingDep, users: UserServiceDep
) -> None:
    """Raises WrongPasswordError unless the body holds the actor's own password."""
    rate = resources.settings.limits.login_account
    await run_in_threadpool(resources.limiter.hit, rate, "password_proof", str(actor.user_id))
    user = await run_in_threadpool(users.get, actor, actor.user_id)
    if not await hashing.matches(body.password, user.password_hash):
        raise WrongPasswordError("The password is wrong.")


async def prove_disabling(
    body: DisableProof, actor: ActorDep, resources: ResourcesDep, hashing: HashingDep, users: UserServiceDep
) -> None:
    await prove_own_password(body, actor, resources, hashing, users)


def limit_codes(actor: ActorDep, resources: ResourcesDep) -> None:
    resources.limiter.hit(resources.settings.limits.login_account, "second_factor", str(actor.user_id))
