"""Statements that travel together stay in step with what psycopg does to prepared statements."""

from collections.abc import Iterator

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.config import DatabaseSettings
from app.core.database import make_engine
from app.core.prepared import Statement, execute_together

SUM = Statement("test_sum", "SELECT %(left)s::int + %(right)s::int")
ECHO = Statement("test_echo", "SELECT %(text)s::text, %(text)s::text IS NULL")
LEAVE = Statement("test_leave", "SELECT pg_terminate_backend(pg_backend_pid())")
DIVIDE = Statement("test_divide", "SELECT 1 / %(by)s::int")


@pytest.fixture
def engine(migrated_url: URL) -> Iterator[Engine]:
    """One connection, so that every session gets the same one."""
    url = SecretStr(migrated_url.render_as_string(hide_password=False))
    engine = make_engine(DatabaseSettings(url=url, pool_size=1))
    yield engine
    engine.dispose()


def both(session: Session) -> list[list[tuple[object, ...]]]:
    return execute_together(session, [(SUM, {"left": 2, "right": 3}), (ECHO, {"text": "\u00e9'\\"})])


def use_psycopgs_own(session: Session) -> None:
    """Psycopg prepares what runs often; only if it has done so, a rollback drops everything prepared."""
    for _ in range(10):
        session.execute(text("SELECT 1"))


EXPECTED = [[(5,)], [("\u00e9'\\", False)]]


def test_each_statement_gets_its_rows(engine: Engine) -> None:
    with Session(engine) as session:
        assert both(session) == both(session) == EXPECTED
        assert execute_together(session, [(ECHO, {"text": None})]) == [[(None, True)]]


@pytest.mark.parametrize("psycopg_prepares", [False, True])
@pytest.mark.parametrize("ending", ["rollback", "commit", "close", "savepoint"])
def test_they_are_found_or_made_again_in_the_next_transaction(
    engine: Engine, ending: str, psycopg_prepares: bool
) -> None:
    with Session(engine) as session:
        both(session)
        if psycopg_prepares:
            use_psycopgs_own(session)
        if ending == "savepoint":
            session.begin_nested().rollback()
        else:
            getattr(session, ending)()
        assert both(session) == EXPECTED
    with Session(engine) as session:
        assert both(session) == EXPECTED


def test_an_error_is_psycopgs_and_stops_what_follows(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(psycopg.errors.DivisionByZero):
        execute_together(session, [(DIVIDE, {"by": 0}), (ECHO, {"text": "not reached"})])
    with Session(engine) as session:
        assert both(session) == EXPECTED


def test_a_lost_connection_is_told_as_such(engine: Engine) -> None:
    with Session(engine) as session:
        with pytest.raises(psycopg.OperationalError):
            execute_together(session, [(SUM, {"left": 2, "right": 3}), (LEAVE, {}), (SUM, {"left": 2, "right": 3})])
        with pytest.raises(OperationalError):
            session.rollback()
    with Session(engine) as session:
        both(session)
        with pytest.raises(OperationalError):
            session.execute(text(LEAVE.sql.decode()))
    with Session(engine) as session:
        assert both(session) == EXPECTED


def test_they_belong_to_the_transaction(engine: Engine) -> None:
    insert = Statement("test_insert", "INSERT INTO tags (id, name) VALUES (gen_random_uuid(), %(name)s)")
    with Session(engine) as session:
        execute_together(session, [(insert, {"name": "forgotten"})])
        session.rollback()
        assert session.scalar(text("SELECT count(*) FROM tags WHERE name = 'forgotten'")) == 0
