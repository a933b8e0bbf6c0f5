import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .chroma import ChromaServer
from .folders import DataFolder
from .postgres import QUICK_NOT_DURABLE, prepare_server, remove_server
from .python_environment import PythonEnvironment
from .redis import find_server
from .supervisor import Supervisor

DRIVER = "postgresql+psycopg://"


@dataclass(frozen=True)
class Services:
    """The three servers the application talks to; an empty URL means that there is none."""

    database_url: str = ""
    redis_url: str = ""
    chroma_url: str = ""

    @classmethod
    def named_in(cls, variables: Mapping[str, str], *patterns: str) -> "Services":
        """Servers that run already, in the first variable that is set: the pattern `{}_URL` reads `DATABASE_URL`."""
        database_url, redis_url, chroma_url = (
            next(filter(None, (variables.get(pattern.format(server)) for pattern in patterns)), "")
            for server in ("DATABASE", "REDIS", "CHROMA")
        )
        return cls(with_driver(database_url), redis_url, chroma_url)


def with_driver(url: str) -> str:
    """Hosting companies hand out `postgres://` or `postgresql://`; SQLAlchemy wants its driver named."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return DRIVER + url.removeprefix(scheme)
    return url


@dataclass(frozen=True)
class ServiceStarter:
    """Starts every server that does not run already."""

    supervisor: Supervisor
    data: DataFolder
    python: PythonEnvironment
    database_settings: Mapping[str, str] = field(default_factory=dict)

    def start(self, running: Services) -> Services:
        """All are started before the first is waited for: each takes seconds."""
        chroma = None if running.chroma_url else ChromaServer(self.data.root / "chroma")
        redis = None if running.redis_url else find_server()
        postgres = None if running.database_url else prepare_server(self.data.root, self.python)
        if chroma:
            self.supervisor.start(chroma.part(self.python))
        if redis:
            self.supervisor.start(redis.part(self.data.root / "redis.conf"))
        if postgres:
            self.supervisor.start(postgres.part(self.database_settings))
        self.supervisor.wait_until_ready()
        if postgres:
            postgres.create_database()
        return Services(
            database_url=postgres.url if postgres else running.database_url,
            redis_url=redis.url if redis else running.redis_url,
            chroma_url=chroma.url if chroma else running.chroma_url,
        )


@contextmanager
def services(data_dir: Path) -> Iterator[Services]:
    """Real servers for a test run: private, quick, not durable, and gone afterwards.

    Servers named by `TEST_DATABASE_URL`, `TEST_REDIS_URL` and `TEST_CHROMA_URL` are used as they are.
    """
    data = DataFolder(data_dir)
    data.create()
    settings = {**QUICK_NOT_DURABLE, "max_connections": "200"}
    with Supervisor(data.logs) as supervisor:
        starter = ServiceStarter(supervisor, data, PythonEnvironment(), settings)
        try:
            yield starter.start(Services.named_in(os.environ, "TEST_{}_URL"))
        finally:
            supervisor.stop()
            remove_server(data.root)
