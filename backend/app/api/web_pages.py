"""Serves the built web pages: what no route of the API answers, and nothing under the API's own paths."""

import hashlib
import mimetypes
from dataclasses import dataclass
from http import HTTPMethod, HTTPStatus
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

OWN_PATHS: Final = ("/api", "/health", "/metrics", "/openapi.json")
IMMUTABLE: Final = "/_app/immutable/"
INDEX: Final = "/index.html"
ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}

# Nothing but what this server sends, and no code inside a page: a question that smuggles a script in runs none of it.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class _File:
    """One built file with its compressed forms; all of them together are about two megabytes, so they stay here."""

    bodies: dict[str, bytes]
    headers: dict[str, str]

    def reply(self, request: Request) -> Response:
        if request.headers.get("if-none-match") == self.headers["ETag"]:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=self.headers)
        accepted = {name.split(";")[0].strip() for name in request.headers.get("accept-encoding", "").split(",")}
        encoding = next((name for name, _ in ENCODINGS if name in accepted and name in self.bodies), "")
        body = self.bodies[encoding]
        headers = self.headers | ({"Content-Encoding": encoding} if encoding else {})
        headers["Content-Length"] = str(len(body))
        return Response(b"" if request.method == HTTPMethod.HEAD else body, headers=headers)


class WebPages:
    """Stands where the router ends. A path that is no file is a page of the single-page application."""

    def __init__(self, directory: Path, otherwise: ASGIApp) -> None:
        """Reads the built files of `directory`; `otherwise` answers what is no page."""
        self._otherwise = otherwise
        paths = sorted(path for path in directory.rglob("*") if path.is_file())
        names = {"/" + path.relative_to(directory).as_posix(): path for path in paths}
        self._files = {name: _read(name, path) for name, path in names.items() if _is_served(name)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self._find(scope) if scope["type"] == "http" else None
        if file is None:
            await self._otherwise(scope, receive, send)
            return
        await file.reply(Request(scope))(scope, receive, send)

    def _find(self, scope: Scope) -> _File | None:
        path: str = scope["path"]
        if scope["method"] not in {HTTPMethod.GET, HTTPMethod.HEAD} or _is_own(path):
            return None
        # A missing asset must not become a page: the browser would take HTML for a script.
        is_page = "." not in path.rpartition("/")[2] and not path.startswith("/_app/")
        return self._files.get(path) or (self._files.get(INDEX) if is_page else None)


def _is_own(path: str) -> bool:
    return any(path == own or path.startswith(own + "/") for own in OWN_PATHS)


def _is_served(name: str) -> bool:
    return not name.endswith(tuple(suffix for _, suffix in ENCODINGS)) and "/." not in name


def _read(name: str, path: Path) -> _File:
    bodies = {"": path.read_bytes()}
    for encoding, suffix in ENCODINGS:
        compressed = path.with_name(path.name + suffix)
        if compressed.exists():
            bodies[encoding] = compressed.read_bytes()
    return _File(bodies, _headers(name, bodies[""]))


def _headers(name: str, body: bytes) -> dict[str, str]:
    kept = "public, max-age=31536000, immutable" if name.startswith(IMMUTABLE) else "no-cache"
    suffix = Path(name).suffix
    headers = {
        "Content-Type": TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream",
        "Cache-Control": kept,
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Vary": "Accept-Encoding",
    }
    if suffix in {".html", ".js"}:
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return headers
