"""Databases that live as long as a benchmark."""

from collections.abc import Iterator
from contextlib import contextmanager

import project

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL


@contextmanager
def scratch_database(server: URL, name: str) -> Iterator[URL]:
    """A database that is dropped afterwards."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield server.set(database=name)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        engine.dispose()


def migrate(url: URL) -> None:
    config = Config(project.ROOT / "alembic.ini")
    config.attributes["database_url"] = url.render_as_string(hide_password=False)
    command.upgrade(config, "head")
