from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import IdempotencyKey


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
