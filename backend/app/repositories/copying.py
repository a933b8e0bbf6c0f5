"""Many rows of one table at once, by COPY."""

from collections.abc import Mapping, Sequence

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from app.models.base import Base


def copy_rows(session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all name the same columns; those left out take the defaults of the database.

    A mapping is stored as JSON. Nothing of Python's defaults applies, and rows that are pending in the session are
    written first.
    """
    if not rows:
        return
    session.flush()
    driver = session.connection().connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("rows are copied through psycopg")
    columns = tuple(rows[0])
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.__tablename__), names)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([_adapted(row[column]) for column in columns])


def _adapted(value: object) -> object:
    return Jsonb(value) if isinstance(value, Mapping) else value
