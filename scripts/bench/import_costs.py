"""What an import costs: reading in a process of its own, storing, and plain COPY beside it."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import project

import psycopg
from psycopg import sql
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from app.core.clock import utc_now
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.formats.reading import ReadOptions
from app.integrations.storage import LocalFileStore
from app.models import Subject, User
from app.repositories.import_repository import ImportResult
from app.schemas.import_job import ImportOptions
from app.services.import_events import REQUEST, ReadRequest
from app.services.import_limits import limits_for
from app.services.import_runner import ImportTools
from app.services.import_service import UploadedFile, new_import
from app.services.import_work import ImportWork
from scripts.bench import processes

HEAD_BYTES: Final = 64 * 1024
KB_A_MB: Final = 1024
COPIED: Final = ("questions", "question_versions", "question_keys", "item_parameters", "question_skills")


@dataclass(frozen=True)
class ReadCost:
    cpu_s: float
    seconds: float
    peak_mb: float


def reading(path: Path, format_name: str) -> ReadCost:
    """Parsing, cleaning, hashing and checking a file, in the process that an import starts for it."""
    with path.open("rb") as source, tempfile.TemporaryFile() as out:
        limits = limits_for(source.read(HEAD_BYTES), path.stat().st_size)
        source.seek(0)
        request = ReadRequest(path.name, format_name, ReadOptions(), limits, os.getpid())
        command = [sys.executable, "-m", "app.services.import_child", REQUEST.dump_json(request).decode()]
        environment = {"PYTHONPATH": str(project.ROOT / "backend"), "PATH": os.environ.get("PATH", "")}
        began = time.perf_counter()
        child = subprocess.Popen(command, stdin=source, stdout=out, env=environment, cwd="/")  # noqa: S603
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"reading {path.name} ended with {child.returncode}")
    return ReadCost(used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / KB_A_MB)


@dataclass(frozen=True)
class ImportCost:
    """`worker_cpu_s` is of this process without the one that reads; `growth_mb` of its memory at the peak."""

    seconds: float
    worker_cpu_s: float
    growth_mb: float
    result: ImportResult


class ImportBench:
    def __init__(self, engine: Engine, folder: Path) -> None:
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._store = LocalFileStore(folder / "files")
        self._actor = self._make_actor()

    def _make_actor(self) -> Actor:
        with self._sessions.begin() as session:
            user = User(email="bench@example.org", name="Bench", role=Role.ADMIN, password_hash="-")  # noqa: S106
            session.add(user)
            session.flush()
            return Actor(user.id, Role.ADMIN, user.id)

    def subject(self, code: str) -> UUID:
        with self._sessions.begin() as session:
            subject = Subject(code=code, title=code)
            session.add(subject)
            session.flush()
            return subject.id

    def run(self, path: Path, subject_id: UUID) -> ImportCost:
        """A whole import, as a worker does it."""
        stored = self._store.put([path.read_bytes()], path.stat().st_size)
        options = ImportOptions(skill="bench", publish=True)
        row = new_import(self._actor, subject_id, UploadedFile(path.name, stored.sha256), options, dry_run=False)
        with self._sessions.begin() as session:
            session.add(row)
        with _watched_memory() as peak_mb:
            before_mb, began, cpu = processes.memory_mb(os.getpid()), time.perf_counter(), time.process_time()
            result = ImportWork(ImportTools(self._sessions, self._store, utc_now())).work(row.id)
            seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        return ImportCost(seconds, cpu, peak_mb() - before_mb, result)


@contextmanager
def _watched_memory() -> Iterator["_Peak"]:
    peak = _Peak()
    peak.start()
    try:
        yield peak
    finally:
        peak.stop()


class _Peak(threading.Thread):
    """The most memory that this process has held since the start of the thread."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._stop_asked, self._most = threading.Event(), 0.0

    def run(self) -> None:
        while not self._stop_asked.wait(0.25):
            self._most = max(self._most, processes.memory_mb(os.getpid()))

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()

    def __call__(self) -> float:
        return self._most


def copy_seconds(url: str) -> float:
    """Plain COPY of everything that the imports stored into tables with the same columns and indexes."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        copied = {table: _copied_out(cursor, table) for table in COPIED}
        for table in COPIED:
            names = (sql.Identifier(f"ceiling_{table}"), sql.Identifier(table))
            cursor.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(*names))
        connection.commit()
        began = time.perf_counter()
        for table, (columns, data) in copied.items():
            target = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(f"ceiling_{table}"), columns)
            with cursor.copy(target) as copy:
                copy.write(data)
        connection.commit()
        return time.perf_counter() - began


def _copied_out(cursor: psycopg.Cursor[tuple[object, ...]], table: str) -> tuple[sql.Composed, bytes]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''"
        " AND NOT attisdropped ORDER BY attnum",
        (table,),
    )
    columns = sql.SQL(", ").join(sql.Identifier(str(row[0])) for row in cursor.fetchall())
    with cursor.copy(sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), columns)) as copy:
        return columns, b"".join(bytes(part) for part in copy)
