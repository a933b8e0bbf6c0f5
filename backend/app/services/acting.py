"""Whether the login behind a token may still act."""

from sqlalchemy.orm import Session

from app.core.errors import UnauthenticatedError
from app.core.security import AccessClaims
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.repositories.user_repository import UserRepository


def acting_user(session: Session, claims: AccessClaims) -> Actor:
    """The user behind a token, checked against the database: an ended login is refused at once.

    Raises:
        UnauthenticatedError: Suspended, or logged out here or everywhere.
    """
    acting = UserRepository(session).acting(claims.user_id, claims.login_id)
    if acting is None or acting.token_version != claims.token_version or acting.has_logged_out:
        raise UnauthenticatedError("This login has ended.")
    return Actor(claims.user_id, Role(acting.role), claims.login_id)
