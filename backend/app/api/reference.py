"""The pages under `/api/docs`: Swagger UI over the OpenAPI document, from files of this machine alone."""

from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.errors import NotFoundError

PATH: Final = "/api/docs"
# It writes style attributes; code runs from its files only, so that nothing in a description can run.
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE: Final = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Studium API</title>
<link rel="stylesheet" href="{PATH}/swagger-ui.css">
<div id="reference"></div>
<script src="{PATH}/swagger-ui-bundle.js"></script>
<script src="{PATH}/start.js"></script>
</html>
"""
_START: Final = """const sent = (request) => {
  const token = document.cookie.match(/(?:^|; )studium_csrf=([^;]*)/);
  if (token) request.headers['X-CSRF-Token'] = decodeURIComponent(token[1]);
  return request;
};
SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, requestInterceptor: sent });
"""
_PACKAGE: Final = "fastapi_offline"
_TYPES: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript", "start.js": "text/javascript"}


def add_reference(router: APIRouter) -> None:
    router.add_route(PATH, _page, include_in_schema=False)
    router.add_route(PATH + "/{name}", _file, include_in_schema=False)


async def _page(_: Request) -> Response:
    return Response(_PAGE, media_type="text/html", headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _TYPES:
        raise NotFoundError("No such page.")
    return Response(_content(name), media_type=_TYPES[name], headers={"Cache-Control": "public, max-age=86400"})


@cache
def _content(name: str) -> bytes:
    return _START.encode() if name == "start.js" else (files(_PACKAGE) / "static" / name).read_bytes()
