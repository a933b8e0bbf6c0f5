"""Engine, sessions and the transaction at the edge."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper
from sqlalchemy import Connection, Engine, PoolResetState, create_engine, event
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.core.config import DatabaseSettings
from app.core.jobs import Doorbell
from app.core.prepared import forget_prepared

BESIDE_REQUESTS = 2
_AFTER_COMMIT = "after_commit"
DOORBELL = "doorbell"


def make_engine(settings: DatabaseSettings) -> Engine:
    """An engine whose connections carry bounded times: of a statement, a lock, and a transaction that does nothing.

    Requests share `pool_size` connections; what runs beside them (streams, readers of caches) finds two more.
    """
    limits = {
        "statement_timeout": settings.statement_timeout_ms,
        "lock_timeout": settings.lock_timeout_ms,
        "idle_in_transaction_session_timeout": settings.idle_transaction_timeout_ms,
    }
    options = " ".join(f"-c {name}={limit}" for name, limit in limits.items())
    engine = create_engine(
        settings.url.get_secret_value(),
        pool_size=settings.pool_size,
        max_overflow=BESIDE_REQUESTS,
        pool_timeout=settings.pool_timeout_s,
        json_serializer=_dump,
        json_deserializer=orjson.loads,
        connect_args={"options": options, "connect_timeout": 3},
    )
    event.listen(engine, "connect", _send_integers_alike)
    event.listen(engine, "rollback", _forget_prepared)
    event.listen(engine, "rollback_savepoint", _forget_prepared)
    event.listen(engine, "reset", _forget_prepared_of_left)
    return engine


def _send_integers_alike(connection: psycopg.Connection[Any], _: object) -> None:
    """Psycopg sends an integer in the smallest type it fits in; each mix of types would be prepared on its own."""
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    connection.adapters.register_dumper(int, Int8Dumper)


def _forget_prepared(connection: Connection, *_: object) -> None:
    if not connection.invalidated:  # else there is no connection any more whose statements we might forget
        forget_prepared(connection.connection.info)


def _forget_prepared_of_left(_: object, record: ConnectionPoolEntry, state: PoolResetState) -> None:
    """A connection that comes back in the middle of a transaction is rolled back by the pool."""
    if not state.transaction_was_reset:
        forget_prepared(record.info)


def _dump(value: Any) -> str:  # any JSON value
    return orjson.dumps(value).decode()


def make_sessions(engine: Engine, doorbell: Doorbell) -> sessionmaker[Session]:
    """Sessions that carry the doorbell, so that whoever writes a job can ring once it is committed."""
    return sessionmaker(engine, expire_on_commit=False, autoflush=True, info={DOORBELL: doorbell})


def ring_after_commit(session: Session, job_id: UUID, queue: str) -> None:
    doorbell: Doorbell | None = session.info.get(DOORBELL)
    if doorbell is not None:
        after_commit(session, partial(doorbell.ring, job_id, queue))


def after_commit(session: Session, effect: Callable[[], None]) -> None:
    """Run `effect` once the transaction is durable; forget it when it is rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(effect)


@event.listens_for(Session, "after_commit")
def _run_effects(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for effect in session.info.pop(_AFTER_COMMIT, []):
        effect()


@event.listens_for(Session, "after_rollback")
def _forget_effects(session: Session) -> None:
    session.info.pop(_AFTER_COMMIT, None)
