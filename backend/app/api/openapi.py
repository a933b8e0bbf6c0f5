"""What the OpenAPI document says beside the routes themselves."""

from typing import Any

from app.schemas.base import Problem

DESCRIPTION = """\
Adaptive study and question practice.

Log in with `POST /api/v1/auth/login`; API clients send the access token as a bearer, browsers use the cookies that the
same call sets and echo the `studium_csrf` cookie in `X-CSRF-Token`. Lists answer `items` and `next_cursor`.
Every failure is `application/problem+json` with a stable `code`.
"""

_PROBLEMS = {
    400: "Malformed request",
    401: "Not logged in",
    403: "Not allowed",
    404: "No such object, or not yours",
    409: "Conflict",
    413: "Body too large",
    422: "Invalid input",
    429: "Too many requests; see Retry-After",
    503: "Temporarily unavailable; see Retry-After",
}


def describe() -> dict[str, Any]:
    responses = {
        status: {"description": text, "content": {"application/problem+json": {}}, "model": Problem}
        for status, text in _PROBLEMS.items()
    }
    return {"description": DESCRIPTION, "responses": responses, "docs_url": "/api/docs", "redoc_url": None}
