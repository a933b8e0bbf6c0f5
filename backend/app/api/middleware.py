"""One ASGI layer around every request: its id, size limits, security headers, metrics and access log."""

import re
import secrets
import time
from http import HTTPStatus

import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.logging import get_logger
from app.core.telemetry import REQUEST_SECONDS, REQUESTS

log = get_logger("app.access")

MAX_JSON_DEPTH = 32
SLOW_S = 1.0
_REQUEST_ID = re.compile(rb"^[A-Za-z0-9-]{8,64}$")
_OPENING, _CLOSING = b"[{", b"]}"
_QUOTE, _BACKSLASH = ord('"'), ord("\\")

SECURITY_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


class BodyRefusedError(Exception):
    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class RequestMiddleware:
    """Pure ASGI, because Starlette's BaseHTTPMiddleware costs a task and two streams for every request."""

    def __init__(self, app: ASGIApp, max_body_bytes: int, max_upload_bytes: int) -> None:
        self.app = app
        self.max_body_bytes = max_body_bytes
        self.max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        scope["request_id"] = request_id = _request_id(headers)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        exchange = _Exchange(scope, send)
        try:
            body = await self._checked_body(headers, receive)
            await self.app(scope, body, exchange.send)
        except BodyRefusedError as refused:
            await exchange.refuse(refused)
        finally:
            exchange.record()

    async def _checked_body(self, headers: dict[bytes, bytes], receive: Receive) -> Receive:
        declared = headers.get(b"content-length", b"0")
        length = int(declared) if declared.isdigit() else 0
        if headers.get(b"content-type", b"").startswith(b"multipart/"):
            if length > self.max_upload_bytes:
                raise _too_large(self.max_upload_bytes)
            return _counted(receive, self.max_upload_bytes)
        if length > self.max_body_bytes:
            raise _too_large(self.max_body_bytes)
        if length == 0 and b"transfer-encoding" not in headers:
            return receive
        return await _buffered(receive, self.max_body_bytes)


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
            message["headers"] = [
                *message.get("headers", []),
                *SECURITY_HEADERS,
                (b"x-request-id", self._scope["request_id"].encode()),
            ]
        await self._send(message)

    async def refuse(self, refused: BodyRefusedError) -> None:
        document = {
            "type": "about:blank",
            "title": refused.status.phrase,
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


def _too_large(limit: int) -> BodyRefusedError:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return BodyRefusedError(status, "too_large", f"The body is larger than {limit} bytes.")


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise _too_large(limit)
        return message

    return counted


async def _buffered(receive: Receive, limit: int) -> Receive:
    """Reads a small body whole, so that its size and depth are known before anything parses it."""
    chunks, more = [], True
    counted = _counted(receive, limit)
    while more:
        message = await counted()
        if message["type"] == "http.disconnect":
            break
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"".join(chunks)
    _check_depth(body)
    replayed = False

    async def replay() -> Message:
        nonlocal replayed
        if replayed:
            return await receive()
        replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _check_depth(body: bytes) -> None:
    """Brackets inside strings count too: an over-estimate is only looked at when it is large."""
    if body.count(b"[") + body.count(b"{") <= MAX_JSON_DEPTH:
        return
    depth, quoted, escaped = 0, False, False
    for byte in body:
        if quoted:
            escaped, quoted = (byte == _BACKSLASH and not escaped), (byte != _QUOTE or escaped)
        elif byte == _QUOTE:
            quoted = True
        elif byte in _OPENING:
            depth += 1
            if depth > MAX_JSON_DEPTH:
                raise BodyRefusedError(HTTPStatus.BAD_REQUEST, "too_deep", "The JSON is nested too deeply.")
        elif byte in _CLOSING:
            depth -= 1
