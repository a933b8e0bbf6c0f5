"""What a request's body may be and who may send it, known from its route before a byte of it is read or parsed."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.params import Form
from fastapi.routing import RouteContext, iter_route_contexts
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope

from app.api.client_info import client_address, limited_network
from app.api.deps import Access, ClaimsAccess, get_claims, get_detached_actor
from app.api.errors import RefusedBodyError
from app.core.config import Settings
from app.core.errors import (
    AppError,
    BadRequestError,
    ForbiddenError,
    InvalidInputError,
    RateLimitedError,
    TooLargeError,
    UnavailableError,
)
from app.core.resources import Resources
from app.domain.enums import Role
from app.domain.permissions import EVERYONE

MAX_JSON_DEPTH: Final = 32
KIB: Final = 1024
FORM_BYTES: Final = 1024 * KIB
"""What a form may hold beside its file."""
_OPENING: Final = b"[{"
_STRUCTURE: Final = (b"[", b"{", b",", b":")
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
# Possessive, so that a text without an end costs one pass too.
_TEXTS: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class TooDeepError(BadRequestError):
    code = "too_deep"


class TooManyMembersError(BadRequestError):
    code = "too_many_members"


class StalledBodyError(AppError):
    status = HTTPStatus.REQUEST_TIMEOUT
    code = "body_stalled"
    title = "The body does not go on"


class UploadRunningError(RateLimitedError):
    code = "upload_running"


class UploadLimit:
    """Declared by a route: the size of its file. Without it, a file may be as large as the settings allow any."""

    def __init__(self, file_bytes: int) -> None:
        self.most_bytes = file_bytes + FORM_BYTES

    async def __call__(self) -> None: ...


@dataclass(frozen=True, slots=True)
class BodyRule:
    """`roles` is None for strangers. Members are the brackets, commas and colons of a JSON body outside its texts."""

    roles: frozenset[Role] | None
    most_bytes: int
    most_members: int
    most_upload_bytes: int | None = None

    def limit(self, content_type: str) -> int:
        """Only what arrives as the parts of an upload may be as large as one: it goes to a file and not to memory."""
        is_form = content_type.lower().startswith("multipart/form-data")
        return self.most_upload_bytes if is_form and self.most_upload_bytes is not None else self.most_bytes

    async def admit(self, request: Request) -> UUID | None:
        """Raises what the route itself would answer to somebody who may not use it; the user, unless a stranger."""
        resources: Resources = request.app.state.resources
        if self.roles is None:
            address = client_address(request, resources.settings.web.trusted_proxies)
            rate = resources.settings.limits.public_address
            await run_in_threadpool(resources.limiter.hit, rate, "public_address", limited_network(address))
            return None
        claims = await get_claims(request, resources)
        if self.most_upload_bytes is not None:
            actor = await run_in_threadpool(get_detached_actor, claims, resources)
            if actor.role not in self.roles:
                raise ForbiddenError("Your role does not allow this.")
        return claims.user_id

    def check(self, body: bytes) -> None:
        """Raises an AppError for a JSON body whose structure is beyond the limits, at the cost of a few passes in C."""
        if b"\x00" in body:
            raise InvalidInputError("JSON is sent in UTF-8.")
        if _members(body) <= MAX_JSON_DEPTH:
            return
        structure = _TEXTS.sub(b"", body)
        if _members(structure) > self.most_members:
            raise TooManyMembersError(f"The JSON has more than {self.most_members} members.")
        if _depth(structure) > MAX_JSON_DEPTH:
            raise TooDeepError("The JSON is nested too deeply.")


# Strangers send passwords and names; students texts of 20,000 characters, at up to twelve bytes each when escaped.
STRANGERS: Final = BodyRule(None, 64 * KIB, 200)
STUDENTS: Final = BodyRule(EVERYONE, 256 * KIB, 2_000)
STAFF_MEMBERS: Final = 20_000


class BodyRules:
    """The rule of every route, made of its access policy and of whether it takes a form."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._settings = settings
        self._uploading: set[UUID] = set()
        self._rules = {id(context.original_route): self._rule(context) for context in iter_route_contexts(app.routes)}

    def guarded(self, scope: Scope, receive: Receive) -> Receive:
        """The channel of a request whose body is admitted and checked when its route first asks for it."""
        if scope["method"] in _READING:
            return receive
        opened: Receive | None = None

        async def guarded() -> Message:
            nonlocal opened
            if opened is None:
                opened = await self._opened(scope, receive)
            return await opened()

        return guarded

    def release(self, scope: Scope) -> None:
        """The request is over, so its user may send another upload."""
        self._uploading.discard(scope.pop("uploader", None))

    def _mark(self, scope: Scope, user_id: UUID | None) -> None:
        if user_id in self._uploading:
            detail = "You are sending a file already. Try again when it is done."
            raise UploadRunningError(detail, headers={"Retry-After": "5"})
        if user_id is not None:
            self._uploading.add(user_id)
            scope["uploader"] = user_id

    async def _opened(self, scope: Scope, receive: Receive) -> Receive:
        request = Request(scope)
        length = int(request.headers.get("content-length", "0"))
        if length == 0 and "transfer-encoding" not in request.headers:
            return receive
        rule = self._rules.get(id(scope.get("route")), STRANGERS)
        try:
            user_id = await rule.admit(request)
            limit = rule.limit(request.headers.get("content-type", ""))
            if length > limit:
                raise _too_large(limit)
            patient = _Patient(receive, self._settings.web.body_stall_s)
            if limit != rule.most_upload_bytes:
                return await _checked(patient.receive, rule)
            if rule.roles == EVERYONE:
                self._mark(scope, user_id)
            return _counted(patient.receive, limit)
        except AppError as error:
            raise RefusedBodyError(error) from error
        except (OperationalError, PoolTimeoutError) as error:
            away = UnavailableError("The database is busy or restarting. Send it again.", headers={"Retry-After": "1"})
            raise RefusedBodyError(away) from error

    def _rule(self, context: RouteContext) -> BodyRule:
        declared = [depends.dependency for depends in getattr(context, "dependencies", ())]
        roles = _roles(declared)
        limits = STRANGERS if roles is None else STUDENTS
        most_bytes, most_members = limits.most_bytes, limits.most_members
        web, files = self._settings.web, self._settings.files
        if roles is not None and Role.STUDENT not in roles:
            most_bytes, most_members = web.max_body_bytes, STAFF_MEMBERS
        field = getattr(context, "body_field", None)
        is_form = field is not None and isinstance(field.field_info, Form)
        own = [each.most_bytes for each in declared if isinstance(each, UploadLimit)]
        upload = min([files.max_upload_bytes, *own]) if is_form else None
        return BodyRule(roles, min(most_bytes, web.max_body_bytes), most_members, upload)


def _roles(policies: Iterable[object]) -> frozenset[Role] | None:
    for policy in policies:
        if isinstance(policy, Access):
            return policy.roles
        if isinstance(policy, ClaimsAccess):
            return EVERYONE
    return None


async def _checked(receive: Receive, rule: BodyRule) -> Receive:
    """Reads a small body whole, so that its size and structure are known before anything parses it."""
    chunks, more = [], True
    counted = _counted(receive, rule.most_bytes)
    while more:
        message = await counted()
        if message["type"] == "http.disconnect":
            break
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    body = b"".join(chunks)
    rule.check(body)
    messages: Iterator[Message] = iter(({"type": "http.request", "body": body, "more_body": False},))

    async def replay() -> Message:
        return next(messages, None) or await receive()

    return replay


class _Patient:
    """A body whose sender may be slow, but not silent: a file that waits for more of it takes up disk."""

    def __init__(self, receive: Receive, stall_s: float) -> None:
        self._receive, self._stall_s, self._is_whole = receive, stall_s, False

    async def receive(self) -> Message:
        """Raises RefusedBodyError. What comes after the body is the end of the connection, which may take its time."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout(self._stall_s):
                message = await self._receive()
        except TimeoutError as error:
            raise RefusedBodyError(StalledBodyError("Nothing more came of the body.")) from error
        self._is_whole = not message.get("more_body", False)
        return message


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise RefusedBodyError(_too_large(limit))
        return message

    return counted


def _too_large(limit: int) -> TooLargeError:
    return TooLargeError(f"The body is larger than {limit} bytes.")


def _members(body: bytes) -> int:
    return sum(map(body.count, _STRUCTURE))


def _depth(structure: bytes) -> int:
    depth = deepest = 0
    for bracket in structure.translate(None, _NO_BRACKETS):
        depth += 1 if bracket in _OPENING else -1
        deepest = max(deepest, depth)
    return deepest
