from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.api.client_info import ClientInfoDep
from app.api.cookies import REFRESH_COOKIE, clear_login_cookies, require_csrf, set_login_cookies
from app.api.credentials import HashedRegistrationDep, PasswordChangeDep, ProvenLoginDep, same_origin
from app.api.deps import ActorDep, AnyUser, AuthServiceDep, Public, ResourcesDep
from app.api.errors import on_app_error
from app.core.errors import UnauthenticatedError
from app.core.resources import Resources
from app.repositories.login_repository import LoginSummary
from app.schemas.auth import LoginRead, LoginSessionList, LoginSessionRead, RefreshCreate
from app.services.auth_service import Login

router = APIRouter(prefix="/auth", tags=["auth"], dependencies=[Depends(same_origin)])


class LoginCookies:
    """Hands a login to browsers, which keep its tokens where scripts cannot read them."""

    def __init__(self, response: Response, resources: ResourcesDep) -> None:
        self._response, self._settings = response, resources.settings

    def set(self, login: Login) -> Login:
        set_login_cookies(self._response, self._settings, login.access_token, login.refresh_token, login.login_id)
        return login

    def clear(self) -> None:
        clear_login_cookies(self._response, self._settings)


LoginCookiesDep = Annotated[LoginCookies, Depends()]


@router.post("/register", status_code=HTTPStatus.CREATED, response_model=LoginRead, dependencies=[Public])
def register(
    hashed: HashedRegistrationDep, client: ClientInfoDep, auth: AuthServiceDep, cookies: LoginCookiesDep
) -> Login:
    """Open a student account and log in."""
    form = hashed.form
    return cookies.set(
        auth.register(email=form.email, name=form.name, locale=form.locale, digest=hashed.digest, client=client)
    )


@router.post("/login", response_model=LoginRead, dependencies=[Public])
def log_in(proven: ProvenLoginDep, client: ClientInfoDep, auth: AuthServiceDep, cookies: LoginCookiesDep) -> Login:
    """Log in with e-mail address and password."""
    return cookies.set(auth.log_in(proven, client))


@router.post("/refresh", response_model=LoginRead, dependencies=[Public])
def refresh(
    request: Request,
    resources: ResourcesDep,
    client: ClientInfoDep,
    auth: AuthServiceDep,
    cookies: LoginCookiesDep,
    body: RefreshCreate | None = None,
) -> Login | Response:
    """Exchange a refresh token, from the body or the cookie, for the next pair of tokens.

    Each refresh token works once. A second use, other than within the few seconds in which two tabs may race, means
    that it was copied: the whole login ends.
    """
    token = body.refresh_token if body else request.cookies.get(REFRESH_COOKIE)
    if token is None:
        raise UnauthenticatedError("Send a refresh token.")
    claimed = auth.claim(token)
    if body is None:
        require_csrf(request, resources.settings, claimed.link.family_id)
    resources.limiter.hit(resources.settings.limits.user_requests, "user", str(claimed.user.id))
    login = auth.refresh(claimed, client)
    return _ended(request, resources) if login is None else cookies.set(login)


def _ended(request: Request, resources: Resources) -> Response:
    """A returned 401: raising it would roll back the end of the login."""
    reply = on_app_error(request, UnauthenticatedError("This token was used before. The login has been ended."))
    clear_login_cookies(reply, resources.settings)
    return reply


@router.post("/logout", status_code=HTTPStatus.NO_CONTENT, dependencies=[AnyUser])
def log_out(actor: ActorDep, auth: AuthServiceDep, cookies: LoginCookiesDep) -> None:
    """End this login; its tokens are void at once."""
    auth.log_out(actor)
    cookies.clear()


@router.post("/logout-everywhere", status_code=HTTPStatus.NO_CONTENT, dependencies=[AnyUser])
def log_out_everywhere(actor: ActorDep, auth: AuthServiceDep, cookies: LoginCookiesDep) -> None:
    """End all logins of the user, this one included; every token is void at once."""
    auth.log_out_everywhere(actor)
    cookies.clear()


@router.get("/sessions", dependencies=[AnyUser])
def list_sessions(actor: ActorDep, auth: AuthServiceDep) -> LoginSessionList:
    """Where the user is logged in, the last used first."""
    return LoginSessionList(items=[_session_read(login, actor.login_id) for login in auth.live_logins(actor)])


def _session_read(login: LoginSummary, current: UUID) -> LoginSessionRead:
    return LoginSessionRead(
        id=login.id,
        user_agent=login.user_agent,
        address=login.address,
        created_at=login.created_at,
        last_used_at=login.last_used_at,
        is_current=login.id == current,
    )


@router.delete("/sessions/{session_id}", status_code=HTTPStatus.NO_CONTENT, dependencies=[AnyUser])
def end_session(session_id: UUID, actor: ActorDep, auth: AuthServiceDep) -> None:
    """Log out one place; its tokens are void at once."""
    auth.end_login(actor, session_id)


@router.put("/password", response_model=LoginRead, dependencies=[AnyUser])
def change_password(
    change: PasswordChangeDep,
    actor: ActorDep,
    client: ClientInfoDep,
    auth: AuthServiceDep,
    cookies: LoginCookiesDep,
) -> Login:
    """Change the password. All other logins end at once; this one goes on with the tokens of the reply."""
    return cookies.set(auth.change_password(actor, change.old, change.digest, client))
