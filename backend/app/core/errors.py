"""Errors a use case may raise. A subclass fixes the HTTP status and a stable code; `api.errors` renders them."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar

from pydantic import JsonValue


class AppError(Exception):
    """Base of all expected failures.

    Args:
        detail: One sentence for the person who caused it; never internals.
        extra: Members added to the problem document.
        headers: Response headers, e.g. ``Retry-After``.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Internal error"

    def __init__(
        self, detail: str, *, extra: Mapping[str, JsonValue] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})


class BadRequestError(AppError):
    status = HTTPStatus.BAD_REQUEST
    code = "bad_request"
    title = "Bad request"


class UnauthenticatedError(AppError):
    status = HTTPStatus.UNAUTHORIZED
    code = "unauthenticated"
    title = "Not logged in"


class ForbiddenError(AppError):
    status = HTTPStatus.FORBIDDEN
    code = "forbidden"
    title = "Not allowed"


class NotFoundError(AppError):
    status = HTTPStatus.NOT_FOUND
    code = "not_found"
    title = "Not found"


class ConflictError(AppError):
    status = HTTPStatus.CONFLICT
    code = "conflict"
    title = "Conflict"


class IdempotencyKeyReusedError(ConflictError):
    """The key makes one request safe to send again; this is another request."""

    code = "idempotency_key_reused"


class StaleRevisionError(ConflictError):
    status = HTTPStatus.PRECONDITION_FAILED
    code = "stale_revision"
    title = "Changed by somebody else"


class InvalidInputError(AppError):
    """Well-formed input that breaks a rule of its field."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid_input"
    title = "Invalid input"


class TooLargeError(AppError):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"
    title = "Too large"


class RateLimitedError(AppError):
    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "rate_limited"
    title = "Too many requests"


class UnavailableError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
    title = "Temporarily unavailable"
