from fastapi import APIRouter

from app.api.deps import ActorDep, AnyUser, UserServiceDep
from app.models import User
from app.schemas.user import UserRead, UserUpdate

router = APIRouter(prefix="/users", tags=["users"])


@router.get("/me", response_model=UserRead, dependencies=[AnyUser])
def read_me(actor: ActorDep, users: UserServiceDep) -> User:
    """The user who is logged in."""
    return users.me(actor)


@router.patch("/me", response_model=UserRead, dependencies=[AnyUser])
def update_me(body: UserUpdate, actor: ActorDep, users: UserServiceDep) -> User:
    """Change the own name, language or preferences; members that are not sent stay as they are."""
    return users.update_me(actor, body.changes())
