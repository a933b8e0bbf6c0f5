"""What the OpenAPI document says beside the routes themselves."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse

from app.api.reference import add_reference
from app.schemas.base import Problem

DESCRIPTION = """\
Adaptive study and question practice.

Log in with `POST /api/v1/auth/login`; API clients send the access token as a bearer, browsers use the cookies that the
same call sets and echo the `studium_csrf` cookie in `X-CSRF-Token`. Lists answer `items` and `next_cursor`.
Every failure is `application/problem+json` with a stable `code`.
"""

_PROBLEM_JSON: Final = "application/problem+json"
_PROBLEMS: Final = {
    400: "Malformed request",
    401: "Not logged in",
    403: "Not allowed",
    404: "No such object, or not yours",
    409: "Conflict",
    412: "Changed by somebody else",
    413: "Body too large",
    422: "Invalid input",
    429: "Too many requests; see Retry-After",
    503: "Temporarily unavailable; see Retry-After",
}


_PROBLEM_CONTENT: Final = {_PROBLEM_JSON: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}


class DescribedApi(FastAPI):
    """FastAPI files the models of failures under the media type of success; they are sent as problems."""

    def setup(self) -> None:
        """Also leads to the document from where people look for it, beside the pages about it."""
        super().setup()
        self.router.add_route("/api/openapi.json", _to_document, include_in_schema=False)
        add_reference(self.router)

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for methods in document["paths"].values():
            for operation in methods.values():
                _describe_failures(operation["responses"])
        return document


async def _to_document(request: Request) -> RedirectResponse:
    return RedirectResponse(request.app.openapi_url, HTTPStatus.PERMANENT_REDIRECT)


def _describe_failures(responses: dict[str, dict[str, Any]]) -> None:
    for reply in responses.values():
        if _PROBLEM_JSON in reply.get("content", ()):
            reply["content"] = _PROBLEM_CONTENT


def describe() -> dict[str, Any]:
    responses = {
        status: {"description": text, "content": {_PROBLEM_JSON: {}}, "model": Problem}
        for status, text in _PROBLEMS.items()
    }
    return {"description": DESCRIPTION, "responses": responses, "docs_url": None, "redoc_url": None}
