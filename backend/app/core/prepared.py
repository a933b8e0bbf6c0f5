"""Prepared statements that travel together: the hot path sends several in one trip, through libpq itself.

Psycopg's cursors do the same, with layers around each statement that cost more than the statement costs the server.
What is sent and read here is psycopg's own: its adapters, its errors, its connection and transaction.
"""

import re
import select
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any, Final, LiteralString, cast

import psycopg
from psycopg import errors, pq
from psycopg.abc import Transformer as Adapters
from psycopg.adapt import PyFormat, Transformer
from sqlalchemy.orm import Session

_VALUE: Final = re.compile(r"%\((\w+)\)s")
_BINARY: Final = 1
_PREPARED: Final = "prepared"
_NAMES: Final = "SELECT name FROM pg_prepared_statements"
_ENCODING: Final = "utf-8"

Rows = list[tuple[Any, ...]]


class Statement:
    """SQL with `%(name)s` values, parsed and planned once a connection.

    The server finds out the type of each value from where it stands, so one plan serves every mix of values and NULLs;
    a cast stands where it cannot.
    """

    def __init__(self, name: LiteralString, sql: LiteralString) -> None:
        self.name: Final = name.encode()
        self.members: Final = tuple(dict.fromkeys(_VALUE.findall(sql)))
        numbers = {member: f"${number}" for number, member in enumerate(self.members, 1)}
        self.sql: Final = _VALUE.sub(lambda found: numbers[found[1]], sql).encode()
        self.formats: Final = [PyFormat.TEXT] * len(self.members)

    def parameters(self, adapters: Adapters, values: Mapping[str, Any]) -> Sequence[pq.abc.Buffer | None]:
        return adapters.dump_sequence([values[member] for member in self.members], self.formats)


def execute_together(session: Session, calls: Sequence[tuple[Statement, Mapping[str, Any]]]) -> list[Rows]:
    """Run the statements in their order, in one network trip and in the session's transaction.

    Returns:
        The rows of each.

    Raises:
        psycopg.Error: As soon as one fails; those behind it are not run.
    """
    proxied = session.connection().connection
    connection = cast("psycopg.Connection[Any]", proxied.driver_connection)
    if _PREPARED not in proxied.info:
        proxied.info[_PREPARED] = {name.encode() for (name,) in connection.execute(_NAMES)}
    known: set[bytes] = proxied.info[_PREPARED]
    adapters = Transformer(connection)
    wire = connection.pgconn
    wire.enter_pipeline_mode()
    try:
        commands = _send(wire, known, [(each, each.parameters(adapters, values)) for each, values in calls])
        results = list(_received(wire))
    finally:
        wire.exit_pipeline_mode()
    _raise_first_error(results)
    known.update(statement.name for statement, _ in calls)
    return [_rows(adapters, result) for result, is_wanted in zip(results, commands, strict=True) if is_wanted]


def forget_prepared(info: MutableMapping[Any, Any]) -> None:
    """To be called when the connection rolls back: psycopg then drops all prepared statements, if it has any itself."""
    info.pop(_PREPARED, None)


def _send(
    wire: "pq.abc.PGconn",
    known: set[bytes],
    calls: Sequence[tuple[Statement, Sequence["pq.abc.Buffer | None"]]],
) -> list[bool]:
    """Whether each command sent was one of the calls; others open the transaction or prepare."""
    commands: list[bool] = []
    if wire.transaction_status == pq.TransactionStatus.IDLE:
        wire.send_query_params(b"BEGIN", None)
        commands.append(False)
    for statement, parameters in calls:
        if statement.name not in known:
            wire.send_prepare(statement.name, statement.sql)
            commands.append(False)
        wire.send_query_prepared(statement.name, parameters, result_format=_BINARY)
        commands.append(True)
    wire.pipeline_sync()
    return commands


def _received(wire: "pq.abc.PGconn") -> Iterator["pq.abc.PGresult"]:
    """One result a command, until the server has answered all."""
    ready = select.poll()
    ready.register(wire.socket, select.POLLIN)
    while wire.flush():  # more than the socket takes at once; the server may be answering already
        ready.modify(wire.socket, select.POLLIN | select.POLLOUT)
        ready.poll()
        wire.consume_input()
    ready.modify(wire.socket, select.POLLIN)
    while True:
        while wire.is_busy():
            ready.poll()
            wire.consume_input()
        result = wire.get_result()
        if wire.status == pq.ConnStatus.BAD:  # what it still gives has no SQLSTATE that tells why
            raise psycopg.OperationalError("The connection to the database was lost.")
        if result is None:
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return
        yield result


def _raise_first_error(results: Sequence["pq.abc.PGresult"]) -> None:
    for result in results:
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result, encoding=_ENCODING)


def _rows(adapters: Adapters, result: "pq.abc.PGresult") -> Rows:
    adapters.set_pgresult(result)
    return adapters.load_rows(0, result.ntuples, tuple)
