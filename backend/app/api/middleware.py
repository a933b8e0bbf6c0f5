"""One ASGI layer around every request: its id and scheme, size limits, security headers, metrics and access log."""

import re
import secrets
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.bodies import BodyRules
from app.api.client_info import asked_scheme
from app.core.errors import AppError, BadRequestError
from app.core.logging import get_logger
from app.core.telemetry import REQUEST_SECONDS, REQUESTS

log = get_logger("app.access")

SLOW_S = 1.0
MAX_HEADER_BYTES: Final = 32 * 1024
_REQUEST_ID = re.compile(rb"^[A-Za-z0-9-]{8,64}$")
# Two readers of a request with two of these may each believe another one.
_ONCE: Final = frozenset({b"content-type", b"content-length", b"transfer-encoding", b"host", b"authorization"})

Headers = Sequence[tuple[bytes, bytes]]

SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
# Unless the route says otherwise: what one user reads, no cache may show to the next one at the same machine.
NOT_KEPT = (b"cache-control", b"private, no-store")


class RepeatedHeaderError(BadRequestError):
    code = "repeated_header"


class HeadersTooLargeError(AppError):
    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    code = "headers_too_large"
    title = "Headers too large"


class RequestMiddleware:
    """Pure ASGI, because Starlette's BaseHTTPMiddleware costs a task and two streams for every request."""

    def __init__(self, app: ASGIApp, bodies: BodyRules, trusted_proxies: tuple[str, ...]) -> None:
        self.app, self.bodies, self.trusted_proxies = app, bodies, trusted_proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["request_id"] = request_id = _request_id(dict(scope["headers"]))
        scope["scheme"] = asked_scheme(scope, self.trusted_proxies)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        exchange = _Exchange(scope, send)
        try:
            _check_headers(scope["headers"])
            await self.app(scope, self.bodies.guarded(scope, receive), exchange.send)
        except (RepeatedHeaderError, HeadersTooLargeError) as refused:
            await exchange.refuse(refused)
        finally:
            self.bodies.release(scope)
            exchange.record()


class _Exchange:
    """Watches one reply go out."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        # What the outermost layer answers to an error that leaves no reply here.
        self._status: int = HTTPStatus.INTERNAL_SERVER_ERROR
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            own = message.get("headers", [])
            kept = [] if any(name.lower() == b"cache-control" for name, _ in own) else [NOT_KEPT]
            message["headers"] = [
                *own,
                *kept,
                *SECURITY_HEADERS,
                (b"x-request-id", self._scope["request_id"].encode()),
            ]
        await self._send(message)

    async def refuse(self, refused: AppError) -> None:
        document = {
            "type": "about:blank",
            "title": refused.title,
            "status": refused.status.value,
            "detail": refused.detail,
            "code": refused.code,
            "request_id": self._scope["request_id"],
        }
        headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
        await self.send({"type": "http.response.start", "status": refused.status.value, "headers": headers})
        await self.send({"type": "http.response.body", "body": orjson.dumps(document)})

    def record(self) -> None:
        seconds = time.perf_counter() - self._began
        route = getattr(self._scope.get("route"), "path", "unmatched")
        REQUESTS.labels(self._scope["method"], route, self._status).inc()
        REQUEST_SECONDS.labels(route).observe(seconds)
        if seconds >= SLOW_S or self._status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("request.slow_or_failed", route=route, status=self._status, ms=round(seconds * 1000, 1))


def _request_id(headers: dict[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id", b"")
    return given.decode() if _REQUEST_ID.match(given) else secrets.token_hex(8)


def _check_headers(headers: Headers) -> None:
    once = [name for name, _ in headers if name in _ONCE]
    if len(once) != len(set(once)):
        raise RepeatedHeaderError("A header that says what the request is stands in it twice.")
    if sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
        raise HeadersTooLargeError(f"The headers have more than {MAX_HEADER_BYTES} bytes.")
