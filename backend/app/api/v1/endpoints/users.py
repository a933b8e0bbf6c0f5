from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, UploadFile

from app.api.bodies import UploadLimit
from app.api.credentials import NewUserDep, NewUsersDep, TemporaryDigestDep
from app.api.deps import ActorDep, Admin, AnyUser, IdCursor, Limit, SecondFactorServiceDep, UserServiceDep
from app.api.idempotency import IdempotencyDep
from app.domain.enums import Role, UserStatus
from app.models import User
from app.repositories.keyset import Slice
from app.repositories.user_repository import UserFilter
from app.schemas.base import Page
from app.schemas.user import UserAdminUpdate, UserBatchResult, UserRead, UserTableRead, UserUpdate
from app.services.user_table import MAX_TABLE_BYTES, read_user_table

router = APIRouter(prefix="/users", tags=["users"])

SearchText = Annotated[str | None, Query(max_length=120, description="Part of the name or the e-mail address.")]


@router.get("/me", response_model=UserRead, dependencies=[AnyUser])
def read_me(actor: ActorDep, users: UserServiceDep) -> User:
    """The user who is logged in."""
    return users.get(actor, actor.user_id)


@router.patch("/me", response_model=UserRead, dependencies=[AnyUser])
def update_me(body: UserUpdate, actor: ActorDep, users: UserServiceDep) -> User:
    """Change the own name, language or preferences; members that are not sent stay as they are."""
    return users.update_me(actor, body.changes())


@router.get("", response_model=Page[UserRead], dependencies=[Admin])
def list_users(  # noqa: PLR0913, PLR0917  # one for each filter
    actor: ActorDep,
    users: UserServiceDep,
    role: Role | None = None,
    status: UserStatus | None = None,
    text: SearchText = None,
    cursor: IdCursor = None,
    limit: Limit = 50,
) -> Slice[User]:
    """All users, the newest first."""
    return users.users.page(actor, UserFilter(role, status, text), before=cursor, limit=limit)


@router.post("", status_code=HTTPStatus.CREATED, response_model=UserRead, dependencies=[Admin])
def create_user(new: NewUserDep, actor: ActorDep, users: UserServiceDep, idempotency: IdempotencyDep) -> Response:
    """Open an account of any role with a first password."""
    return idempotency.once(lambda: users.create(new, actor_id=actor.user_id), UserRead)


@router.post("/batch", status_code=HTTPStatus.CREATED, response_model=UserBatchResult, dependencies=[Admin])
def create_users(new: NewUsersDep, actor: ActorDep, users: UserServiceDep, idempotency: IdempotencyDep) -> Response:
    """Open up to 100 accounts; the reply says what became of each. Accounts that exist are left as they are."""
    return idempotency.once(
        lambda: UserBatchResult(items=users.create_many(new, actor_id=actor.user_id)), UserBatchResult
    )


@router.post("/table", dependencies=[Admin, Depends(UploadLimit(MAX_TABLE_BYTES))])
def check_user_table(file: UploadFile, users: UserServiceDep) -> UserTableRead:
    """Read a CSV table of people and tell what each row would do. Nothing is stored; `/users/batch` makes accounts."""
    return read_user_table(file.file.read(MAX_TABLE_BYTES + 1), users.users.taken)


@router.get("/{user_id}", response_model=UserRead, dependencies=[Admin])
def read_user(user_id: UUID, actor: ActorDep, users: UserServiceDep) -> User:
    """One user."""
    return users.get(actor, user_id)


@router.patch("/{user_id}", response_model=UserRead, dependencies=[Admin])
def update_user(user_id: UUID, body: UserAdminUpdate, actor: ActorDep, users: UserServiceDep) -> User:
    """Change the name, the role or the extra time in exams. A new role acts at once; the last admin keeps theirs."""
    return users.update(actor, user_id, body.model_dump(exclude_none=True))


@router.post("/{user_id}/suspend", response_model=UserRead, dependencies=[Admin])
def suspend_user(user_id: UUID, actor: ActorDep, users: UserServiceDep) -> User:
    """Lock a user out; all their logins end at once. Nobody can suspend themselves or the last active admin."""
    return users.suspend(actor, user_id)


@router.post("/{user_id}/activate", response_model=UserRead, dependencies=[Admin])
def activate_user(user_id: UUID, actor: ActorDep, users: UserServiceDep) -> User:
    """Let a suspended user in again."""
    return users.activate(actor, user_id)


@router.put("/{user_id}/password", status_code=HTTPStatus.NO_CONTENT, dependencies=[Admin])
def set_temporary_password(user_id: UUID, digest: TemporaryDigestDep, actor: ActorDep, users: UserServiceDep) -> None:
    """Set a password for somebody who forgot theirs; all their logins end."""
    users.set_password(actor, user_id, digest)


@router.delete("/{user_id}/second-factor", status_code=HTTPStatus.NO_CONTENT, dependencies=[Admin])
def reset_second_factor(user_id: UUID, actor: ActorDep, factors: SecondFactorServiceDep) -> None:
    """For somebody who lost the phone and the recovery codes: the password alone is enough again. All logins end."""
    factors.reset(actor, user_id)
