"""What the token of a request says, before the database is asked about its user."""

from typing import Final

from fastapi import Request

from app.api.cookies import ACCESS_COOKIE, require_csrf
from app.core.errors import ForbiddenError, UnauthenticatedError
from app.core.resources import Resources
from app.core.security import AccessClaims

WITH_TEMPORARY_PASSWORD: Final = frozenset(
    {"/api/v1/users/me", "/api/v1/auth/password", "/api/v1/auth/logout", "/api/v1/auth/logout-everywhere"}
)
"""All that somebody can use before they have replaced the password that an administrator set."""


class PasswordChangeRequiredError(ForbiddenError):
    """The password was set by somebody else; nothing else is possible before it is changed."""

    code = "password_change_required"


def claims_of(request: Request, resources: Resources) -> AccessClaims:
    """With a password that somebody else knows, a token is good for little.

    Raises:
        UnauthenticatedError: There is no token, or it is not valid.
        ForbiddenError: A change in a browser without our header, or a temporary password.
    """
    claims = _verified(request, resources)
    if claims.must_change_password and request.url.path not in WITH_TEMPORARY_PASSWORD:
        raise PasswordChangeRequiredError("Choose a password of your own first.")
    return claims


def _verified(request: Request, resources: Resources) -> AccessClaims:
    """Of a bearer header, or of the browser's cookie and its CSRF header."""
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
