from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, Uuid, cast, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import IdempotencyKey, User

_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class IdempotencyRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def claim(self, user_id: UUID, route: str, key: str, body_hash: str) -> IdempotencyKey | None:
        """Take the key for this transaction (None) or return the row of the request that took it earlier.

        A second request with the same key waits here until the first has committed or rolled back.
        """
        values = {"user_id": user_id, "route": route, "key": key, "body_hash": body_hash, "status": 0, "reply": b""}
        taken = self.session.execute(
            insert(IdempotencyKey).values(values).on_conflict_do_nothing().returning(IdempotencyKey.key)
        ).one_or_none()
        return None if taken else self.session.get_one(IdempotencyKey, (user_id, route, key))

    def store_reply(self, user_id: UUID, route: str, key: str, *, status: int, reply: bytes) -> None:
        self.session.execute(
            update(IdempotencyKey)
            .where(IdempotencyKey.user_id == user_id, IdempotencyKey.route == route, IdempotencyKey.key == key)
            .values(status=status, reply=reply)
        )

    def forget(self, user: User, ids_of_rows: Sequence[Select[tuple[UUID]]]) -> None:
        """Drop the replies to others that tell of the user or of a row of theirs, such as the grade of an answer.

        The keys stay taken: sent again, the request must not make anew what was erased.
        """
        row_id = cast(func.substring(IdempotencyKey.route, _UUID), Uuid)
        leads_to_row = [row_id.in_(ids) for ids in ids_of_rows]
        self.session.execute(
            update(IdempotencyKey)
            .where(IdempotencyKey.user_id != user.id, or_(_names(user), *leads_to_row))
            .values(status=HTTPStatus.GONE, reply=b"")
        )


def _names(user: User) -> ColumnElement[bool]:
    reply = func.convert_from(IdempotencyKey.reply, "UTF8")
    words = (str(user.id), orjson.dumps(user.email).decode())
    in_reply = [reply.contains(word, autoescape=True) for word in words]
    return or_(IdempotencyKey.route.contains(str(user.id)), *in_reply)
