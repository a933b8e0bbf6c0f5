"""All dependencies of the endpoints."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.api.cookies import ACCESS_COOKIE, require_csrf
from app.core.errors import ForbiddenError, UnauthenticatedError
from app.core.resources import Resources
from app.core.security import AccessClaims
from app.domain.enums import Role
from app.domain.permissions import ADMINS, EVERYONE, STAFF, Actor
from app.repositories.user_repository import UserRepository


async def get_resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


ResourcesDep = Annotated[Resources, Depends(get_resources)]


async def get_session(resources: ResourcesDep) -> AsyncIterator[Session]:
    """The request's transaction: committed before the reply leaves, rolled back on any error.

    Opening a session touches no socket, so only the end of the transaction costs a thread.
    """
    session = resources.sessions()
    try:
        yield session
        if session.in_transaction():
            await run_in_threadpool(session.commit)
    finally:
        await run_in_threadpool(session.close)


SessionDep = Annotated[Session, Depends(get_session, scope="function")]


async def get_claims(request: Request, resources: ResourcesDep) -> AccessClaims:
    """The verified token of a bearer header, or of the browser's cookie and its CSRF header."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if bearer:
        if scheme.lower() != "bearer":
            raise UnauthenticatedError("Use a bearer token.", headers={"WWW-Authenticate": "Bearer"})
        return resources.tokens.verify(bearer)
    cookie = request.cookies.get(ACCESS_COOKIE)
    if cookie is None:
        raise UnauthenticatedError("Log in first.", headers={"WWW-Authenticate": "Bearer"})
    claims = resources.tokens.verify(cookie)
    require_csrf(request, resources.settings, claims.login_id)
    return claims


ClaimsDep = Annotated[AccessClaims, Depends(get_claims)]


def get_actor(claims: ClaimsDep, session: SessionDep, resources: ResourcesDep) -> Actor:
    """The user behind the token, checked against the database: a suspension or a logout everywhere acts at once."""
    acting = UserRepository(session).acting(claims.user_id)
    if acting is None or acting[1] != claims.token_version:
        raise UnauthenticatedError("This login has ended.")
    resources.limiter.hit(resources.settings.limits.user_requests, "user", str(claims.user_id))
    return Actor(claims.user_id, Role(acting[0]), claims.login_id)


ActorDep = Annotated[Actor, Depends(get_actor)]


class Access:
    """The declared policy of a route; every route has exactly one (a test reads them all)."""

    def __init__(self, name: str, roles: frozenset[Role]) -> None:
        self.name, self.roles = name, roles

    def __call__(self, actor: ActorDep) -> None:
        if actor.role not in self.roles:
            raise ForbiddenError("Your role does not allow this.")


class ClaimsAccess:
    """Policy of the hot path: the token is verified here, the user's state inside the endpoint's own first query."""

    name = "user"

    async def __call__(self, claims: ClaimsDep) -> None:
        del claims


class PublicAccess:
    name = "public"

    async def __call__(self) -> None: ...


Public = Depends(PublicAccess())
HotUser = Depends(ClaimsAccess())
AnyUser = Depends(Access("user", EVERYONE))
Staff = Depends(Access("staff", STAFF))
Admin = Depends(Access("admin", ADMINS))

Limit = Annotated[int, Query(ge=1, le=100, description="Rows in the page.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]
