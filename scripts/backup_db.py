"""Save everything that cannot be rebuilt, and bring it back.

    python scripts/backup_db.py backup DIR      database and files, with a manifest of their hashes
    python scripts/backup_db.py restore DIR     into a product that nobody has used yet

The database is written table by table from one snapshot, as COPY text that any PostgreSQL version reads; nothing has to
be stopped. Search vectors, caches and queues are not saved: they are rebuilt from the database.
"""

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import project

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, Table, inspect, text
from sqlalchemy.exc import OperationalError

from app.core.config import get_settings
from app.core.resources import Resources
from app.integrations.storage import CHUNK_BYTES, FileMissingError, LocalFileStore, chunks_of
from app.models import Base

MANIFEST = "manifest.json"
FORMAT = 1
NOBODYS_ROWS = {
    # The time-table asks for its work from the first second on. It is emptied: the backup brings jobs of its own.
    "jobs": "owner_id IS NULL",
    # Whoever tries a login before there are accounts. They stay: the audit trail only grows.
    "audit_events": "action = 'login.failed' AND object_id = ''",
}
"""Rows of a product that nobody has used yet, and why they do not stand in the way of a backup."""
EMPTIED = ("jobs",)


@dataclass(frozen=True)
class TableEntry:
    rows: int
    sha256: str


class BackupError(Exception):
    """Why nothing, or not everything, was saved or brought back; for the person at the keyboard."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("backup", "restore"))
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--data-dir", type=Path, default=project.ROOT / "data", help="of the running product")
    arguments = parser.parse_args(argv)
    if not project.use_running_product(arguments.data_dir):
        sys.exit("No database: start the product with `python3 run.py`, or set APP_DATABASE__URL.")
    resources = Resources.open(get_settings())
    try:
        action = backup if arguments.action == "backup" else restore
        print(action(resources, arguments.folder))
    except (BackupError, CommandError, OSError, psycopg.OperationalError) as error:
        sys.exit(str(error))
    except OperationalError as error:
        sys.exit(f"The database could not do it now, and nothing was changed; try again. It says: {error.orig}")
    finally:
        resources.close()
    return 0


def backup(resources: Resources, folder: Path) -> str:
    """Write the backup into an empty folder; the manifest comes last, so a folder without one is no backup."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty: choose a new folder for each backup.")
    with _snapshot(resources.engine) as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        tables = {table.name: _save_table(connection, table, folder) for table in Base.metadata.sorted_tables}
        files = _save_files(resources, _stored_files(connection), folder)
    manifest = {
        "format": FORMAT,
        "revision": revision,
        "tables": {name: vars(entry) for name, entry in tables.items()},
        "files": files,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return f"Saved {sum(entry.rows for entry in tables.values())} rows and {len(files)} files in {folder}."


def restore(resources: Resources, folder: Path) -> str:
    """Bring a backup back; every table and file is checked against the manifest before the one commit.

    The product may run meanwhile: its workers and requests wait until they may write again.
    """
    manifest = _manifest(folder)
    tables = [table for table in Base.metadata.sorted_tables if table.name in manifest["tables"]]
    _migrate(resources, manifest["revision"])
    with resources.engine.begin() as connection:
        _take_over(connection, tables)
        for table in tables:
            _load_table(connection, table, folder, TableEntry(**manifest["tables"][table.name]))
        _advance_identities(connection, tables)
        _load_files(resources, manifest["files"], folder)
    command.upgrade(_alembic(resources), "head")
    return f"Restored {sum(entry['rows'] for entry in manifest['tables'].values())} rows."


def _take_over(connection: Connection, tables: Sequence[Table]) -> None:
    """Keep all others from writing until the commit, and empty what the product filled by itself.

    Jobs are locked first, because a worker begins with them too.
    """
    _without_time_limits(connection)
    names = sorted((table.name for table in tables), key=lambda name: name != "jobs")
    connection.execute(text(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE"))
    _refuse_used(connection, tables)
    for name in EMPTIED:
        connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608  # a name of our own


def _refuse_used(connection: Connection, tables: Sequence[Table]) -> None:
    for table in tables:
        somebodys = f"SELECT 1 FROM {table.name} WHERE ({NOBODYS_ROWS.get(table.name, 'false')}) IS NOT TRUE LIMIT 1"  # noqa: S608
        if connection.scalar(text(somebodys)):
            raise BackupError(
                f"The table {table.name} is not empty: restore into a product that nobody has used yet, "
                "such as one that was started with --no-demo and a new --data-dir."
            )


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """All tables as they were at one moment, whatever is written meanwhile."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        _without_time_limits(connection)
        yield connection


def _without_time_limits(connection: Connection) -> None:
    """Large tables take longer than a request may, and nothing is said to the database while files are copied."""
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {limit} = 0"))


def _save_table(connection: Connection, table: Table, folder: Path) -> TableEntry:
    digest, rows = hashlib.sha256(), 0
    with gzip.open(folder / f"{table.name}.copy.gz", "wb") as out, _driver(connection).cursor() as cursor:
        rows_in_order = f"SELECT {_columns(connection, table)} FROM {table.name} ORDER BY {_key(table)}"  # noqa: S608  # our names
        with cursor.copy(f"COPY ({rows_in_order}) TO STDOUT") as copy:
            for chunk in copy:
                data = bytes(chunk)
                digest.update(data)
                out.write(data)
        rows = cursor.rowcount
    return TableEntry(rows, digest.hexdigest())


def _load_table(connection: Connection, table: Table, folder: Path, expected: TableEntry) -> None:
    digest = hashlib.sha256()
    with gzip.open(folder / f"{table.name}.copy.gz", "rb") as source, _driver(connection).cursor() as cursor:
        with cursor.copy(f"COPY {table.name} ({_columns(connection, table)}) FROM STDIN") as copy:
            for chunk in _chunks(source):
                digest.update(chunk)
                copy.write(chunk)
        rows = cursor.rowcount
    if TableEntry(rows, digest.hexdigest()) != expected:
        raise BackupError(f"{table.name} is damaged: it does not match the manifest. Nothing was restored.")


def _stored_files(connection: Connection) -> list[str]:
    """Hashes of the files that rows refer to."""
    query = "SELECT sha256 FROM media UNION SELECT source_sha256 FROM media UNION SELECT sha256 FROM import_jobs"
    return sorted(connection.scalars(text(query)).all())


def _save_files(resources: Resources, hashes: Sequence[str], folder: Path) -> list[str]:
    """Those of the files that the store holds; some rows only remember what a file was."""
    store, saved = LocalFileStore(resources.settings.files.directory), []
    copies = LocalFileStore(folder / "files")
    for sha256 in hashes:
        try:
            with store.open(sha256) as stream:
                copies.put(chunks_of(stream), resources.settings.files.max_upload_bytes)
        except FileMissingError:
            continue
        saved.append(sha256)
    return saved


def _load_files(resources: Resources, hashes: Sequence[str], folder: Path) -> None:
    store, copies = LocalFileStore(resources.settings.files.directory), LocalFileStore(folder / "files")
    for sha256 in hashes:
        with copies.open(sha256) as stream:
            stored = store.put(chunks_of(stream), resources.settings.files.max_upload_bytes)
        if stored.sha256 != sha256:
            raise BackupError(f"The file {sha256} is damaged. Nothing was restored.")


def _manifest(folder: Path) -> dict[str, Any]:
    file = folder / MANIFEST
    if not file.exists():
        raise BackupError(f"There is no complete backup in {folder}: {MANIFEST} is missing.")
    manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if manifest.get("format") != FORMAT:
        raise BackupError("This backup was written by another version of the program.")
    return manifest


def _alembic(resources: Resources) -> Config:
    config = Config(project.ROOT / "alembic.ini")
    config.attributes["database_url"] = resources.settings.database.url.get_secret_value()
    return config


def _migrate(resources: Resources, revision: str) -> None:
    """Bring the unused database to the version that the backup was made with, forwards or backwards."""
    command.upgrade(_alembic(resources), revision)
    with resources.engine.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() == revision:
            return
        present = set(inspect(connection).get_table_names())
        _refuse_used(connection, [table for table in Base.metadata.sorted_tables if table.name in present])
    command.downgrade(_alembic(resources), revision)


def _advance_identities(connection: Connection, tables: Sequence[Table]) -> None:
    """The next number of each identity column is one that no restored row has."""
    for table in tables:
        for column in table.columns:
            if column.identity is not None:
                name = f"'{table.name}', '{column.name}'"
                latest = f"(SELECT coalesce(max({column.name}), 0) + 1 FROM {table.name})"  # noqa: S608
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence({name}), {latest}, false)"))


def _columns(connection: Connection, table: Table) -> str:
    """Those that the table has at the version of the backup; later versions have added others."""
    present = {column["name"] for column in inspect(connection).get_columns(table.name)}
    return ", ".join(f'"{each.name}"' for each in table.columns if each.computed is None and each.name in present)


def _key(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.primary_key.columns)


def _driver(connection: Connection) -> "psycopg.Connection[Any]":
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def _chunks(source: gzip.GzipFile) -> Iterator[bytes]:
    return iter(lambda: source.read(CHUNK_BYTES), b"")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
