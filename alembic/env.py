"""Runs migrations on the database of the settings, with a lock time-out so that none can queue behind traffic."""

from alembic import context
from sqlalchemy import create_engine, text

from app.core.config import get_settings
from app.models import Base


def database_url() -> str:
    configured: str | None = context.config.attributes.get("database_url")
    return configured or get_settings().database.url.get_secret_value()


def run() -> None:
    engine = create_engine(database_url())
    with engine.begin() as connection:
        # One migration at a time: replicas start together.
        connection.execute(text("SELECT pg_advisory_xact_lock(7236501)"))
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=False)
        context.run_migrations()
    engine.dispose()


run()
