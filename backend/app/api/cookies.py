"""Browser sessions: tokens in httpOnly cookies, changes only with a matching header from an allowed origin."""

from functools import partial
from http import HTTPMethod
from uuid import UUID

from fastapi import Request, Response

from app.core.config import Settings
from app.core.errors import ForbiddenError
from app.core.security import csrf_token, same_text

ACCESS_COOKIE = "studium_access"
REFRESH_COOKIE = "studium_refresh"
CSRF_COOKIE = "studium_csrf"
CSRF_HEADER = "x-csrf-token"
REFRESH_PATH = "/api/v1/auth"
SAFE_METHODS = frozenset({HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS})


def set_login_cookies(response: Response, settings: Settings, access: str, refresh: str, login_id: UUID) -> None:
    auth = settings.auth
    csrf = csrf_token(settings.secret_key.get_secret_value(), login_id)
    set_cookie = partial(response.set_cookie, secure=settings.web.secure_cookies, samesite="lax")
    set_cookie(ACCESS_COOKIE, access, max_age=auth.access_ttl_s, path="/", httponly=True)
    set_cookie(REFRESH_COOKIE, refresh, max_age=auth.refresh_ttl_s, path=REFRESH_PATH, httponly=True)
    set_cookie(CSRF_COOKIE, csrf, max_age=auth.refresh_ttl_s, path="/", httponly=False)


def clear_login_cookies(response: Response, settings: Settings) -> None:
    delete_cookie = partial(response.delete_cookie, secure=settings.web.secure_cookies, samesite="lax")
    delete_cookie(ACCESS_COOKIE, path="/", httponly=True)
    delete_cookie(REFRESH_COOKIE, path=REFRESH_PATH, httponly=True)
    delete_cookie(CSRF_COOKIE, path="/")


def require_same_origin(request: Request, settings: Settings) -> None:
    """Raises ForbiddenError when a browser says that another site made it send this."""
    origin = request.headers.get("origin")
    allowed = {settings.web.public_url.rstrip("/"), *settings.web.allowed_origins, str(request.base_url).rstrip("/")}
    if origin is not None and origin not in allowed:
        raise ForbiddenError("This request comes from another site.")


def require_csrf(request: Request, settings: Settings, login_id: UUID) -> None:
    """Raises ForbiddenError for a change made with cookies but without the header that only our pages can set."""
    if request.method in SAFE_METHODS:
        return
    require_same_origin(request, settings)
    expected = csrf_token(settings.secret_key.get_secret_value(), login_id)
    if not same_text(request.headers.get(CSRF_HEADER, ""), expected):
        raise ForbiddenError(f"Send the value of the {CSRF_COOKIE} cookie as the {CSRF_HEADER} header.")
