"""Every failure leaves as `application/problem+json` (RFC 9457) with a stable code."""

from http import HTTPStatus

import orjson
import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import JsonValue
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from app.core.errors import AppError
from app.core.logging import get_logger
from app.core.resources import Resources
from app.core.security import AccessClaims
from app.services.acting import acting_user

log = get_logger(__name__)

RETRY = {"Retry-After": "1"}


class RefusedBodyError(HTTPException):
    """Carries a refusal out of the reading of a body, where FastAPI lets no other error pass."""

    def __init__(self, reason: AppError) -> None:
        super().__init__(reason.status, reason.detail)
        self.reason = reason


def problem(
    request: Request,
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    extra: dict[str, JsonValue] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    document = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "request_id": request.scope.get("request_id", ""),
        **(extra or {}),
    }
    return Response(orjson.dumps(document), status.value, headers, "application/problem+json")


def on_app_error(request: Request, error: AppError) -> Response:
    title: dict[str, JsonValue] = {"title": error.title, **error.extra}
    return problem(request, error.status, error.code, error.detail, extra=title, headers=error.headers)


def on_refused_body(request: Request, error: RefusedBodyError) -> Response:
    """The rest of the body is not read, so the connection is of no more use."""
    reply = on_app_error(request, error.reason)
    reply.headers["Connection"] = "close"
    return reply


def on_invalid(request: Request, error: RequestValidationError) -> Response:
    """Says which fields are wrong; never echoes the input, which may hold secrets or NaN.

    A login that has ended comes first. The hot path learns of it from its first query, which invalid input never meets.
    """
    try:
        _check_login(request)
    except AppError as refused:
        return on_app_error(request, refused)
    except (OperationalError, PoolTimeoutError) as away:
        return on_database_away(request, away)
    fields: list[JsonValue] = [
        {"at": ".".join(str(part) for part in entry["loc"]), "message": entry["msg"]} for entry in error.errors()[:50]
    ]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return problem(request, status, "invalid_input", "The request is not valid.", extra={"errors": fields})


def on_http_exception(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    code = status.name.lower()
    return problem(request, status, code, str(error.detail), headers=dict(error.headers or {}))


def on_integrity(request: Request, error: IntegrityError | psycopg.IntegrityError) -> Response:
    """A race that a natural key decided: somebody else did the same thing first."""
    constraint = getattr(getattr(_driver_error(error), "diag", None), "constraint_name", None)
    log.info("database.conflict", constraint=constraint)
    return problem(request, HTTPStatus.CONFLICT, "conflict", "This collides with something that exists already.")


def on_unstorable(request: Request, _: DataError | psycopg.DataError) -> Response:
    detail = "A value cannot be stored: out of range or with characters that are not allowed."
    return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_input", detail)


def on_database_away(request: Request, error: DBAPIError | PoolTimeoutError | psycopg.OperationalError) -> Response:
    log.warning("database.unavailable", error=type(_driver_error(error)).__name__)
    detail = "The database is busy or restarting. Nothing was changed; send the request again."
    return problem(request, HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", detail, headers=RETRY)


def on_unexpected(request: Request, error: Exception) -> Response:
    """Runs outside `RequestMiddleware`, which therefore cannot add the id."""
    log.error("request.failed", exc_info=error)
    detail = "Something went wrong on our side. Please quote the request id."
    headers = {"X-Request-ID": request.scope.get("request_id", "")}
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", detail, headers=headers)


def _check_login(request: Request) -> None:
    claims: AccessClaims | None = request.scope.get("claims")
    if claims is not None:
        resources: Resources = request.app.state.resources
        with resources.sessions() as session:
            acting_user(session, claims)


def _driver_error(error: Exception) -> object:
    return getattr(error, "orig", None) or error


def install_error_handlers(app: FastAPI) -> None:
    handlers = {
        AppError: on_app_error,
        RefusedBodyError: on_refused_body,
        RequestValidationError: on_invalid,
        HTTPException: on_http_exception,
        IntegrityError: on_integrity,
        DataError: on_unstorable,
        OperationalError: on_database_away,
        # The hot path talks to the driver itself.
        psycopg.OperationalError: on_database_away,
        psycopg.IntegrityError: on_integrity,
        psycopg.DataError: on_unstorable,
        PoolTimeoutError: on_database_away,
        Exception: on_unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)  # type: ignore[arg-type]  # Starlette types every handler as Exception's
