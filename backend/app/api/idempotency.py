"""`Idempotency-Key`: the resend of a creating POST gets the first reply and creates nothing."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from app.api.deps import ActorDep, SessionDep
from app.core.errors import AppError, IdempotencyKeyReusedError
from app.domain.permissions import Actor
from app.repositories.idempotency_repository import IdempotencyRepository

KeyHeader = Annotated[
    str | None,
    Header(alias="Idempotency-Key", min_length=8, max_length=64, description="Makes a resend of this request safe."),
]


class ErasedError(AppError):
    status = HTTPStatus.GONE
    code = "erased"
    title = "Gone"


class Idempotency:
    """Runs a creating use case at most once for a key; the key, its reply and the effect commit together."""

    def __init__(self, keys: IdempotencyRepository, actor: Actor, route: str, key: str | None, body_hash: str) -> None:
        self._keys, self._actor, self._route, self._key, self._body_hash = keys, actor, route, key, body_hash

    def once(
        self, create: Callable[[], Any], schema: type[BaseModel], status: HTTPStatus = HTTPStatus.CREATED
    ) -> Response:
        """Create and render by `schema`, or repeat the stored reply; another body under the same key is a conflict."""
        if self._key is None:
            return _reply(status, _render(schema, create()))
        earlier = self._keys.claim(self._actor.user_id, self._route, self._key, self._body_hash)
        if earlier is not None:
            if earlier.body_hash != self._body_hash:
                raise IdempotencyKeyReusedError("This Idempotency-Key was used with another body.")
            if earlier.status == HTTPStatus.GONE:
                raise ErasedError("What this request made was erased by whom it was about.")
            return _reply(earlier.status, earlier.reply)
        body = _render(schema, create())
        self._keys.store_reply(self._actor.user_id, self._route, self._key, status=status, reply=body)
        return _reply(status, body)


async def get_idempotency(request: Request, actor: ActorDep, session: SessionDep, key: KeyHeader = None) -> Idempotency:
    body_hash = hashlib.sha256(await request.body()).hexdigest() if key else ""
    route = f"{request.method} {request.url.path}"[:120]
    return Idempotency(IdempotencyRepository(session), actor, route, key, body_hash)


IdempotencyDep = Annotated[Idempotency, Depends(get_idempotency)]


def _render(schema: type[BaseModel], created: Any) -> bytes:
    return schema.model_validate(created, from_attributes=True).model_dump_json().encode()


def _reply(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/json")
