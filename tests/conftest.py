"""The suite runs on real PostgreSQL, Redis and Chroma, handed over by `run.py test` in the environment."""

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session, sessionmaker

from app.ai.vector_db.client import ChromaClient
from app.core.config import (
    ChromaSettings,
    DatabaseSettings,
    Environment,
    FilesSettings,
    PracticeSettings,
    RedisSettings,
    Settings,
)
from app.core.rate_limit import RateLimiter
from app.core.resources import Resources
from app.main import create_app
from app.services.practice_caches import PracticeCaches
from tests.factories.semantic import chroma_url

ROOT = Path(__file__).parent.parent
SECRET = "only-for-the-suite-0123456789-abcdefghijklmnop"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-snapshots", action="store_true", help="Write what is instead of comparing with it.")
    parser.addoption("--import-size", type=int, default=5_000, help="Questions of the import whose worker is killed.")
    parser.addoption("--import-kills", type=int, default=3, help="How often it is killed.")
    parser.addoption("--fixture-folder", default=None, help="Folder of real import files for the conformance suite.")
    parser.addoption("--screenshot-folder", default=None, help="Where the browser tests keep pictures of the screens.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The figures of the conformance suite, or that they were not taken."""
    reports = [
        report
        for group in terminalreporter.stats.values()
        for report in group
        if getattr(report, "when", "") != "teardown"
    ]
    reports = [report for report in reports if getattr(report, "nodeid", "").startswith("tests/conformance")]
    figures = [text for report in reports for name, text in report.user_properties if name == "conformance"]
    if reports and config.getoption("--fixture-folder") is None:
        figures = ["skipped: no folder of real files was named with --fixture-folder"]
    if figures:
        terminalreporter.section("conformance with real files")
        terminalreporter.write("\n".join([*figures, ""]))


def pytest_configure(config: pytest.Config) -> None:
    for marker in (
        "e2e: starts the whole product",
        "eval: quality figures with fixed seeds",
        "own_database: commits, so it gets a database of its own",
    ):
        config.addinivalue_line("markers", marker)


@pytest.fixture(scope="session")
def server_url() -> URL:
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        pytest.fail("TEST_DATABASE_URL is not set: run the suite with `python3 run.py test`")
    return make_url(url).set(drivername="postgresql+psycopg")


def create_database(server: URL, name: str, template: str = "template0") -> URL:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
    return server.set(database=name)


def drop_database(server: URL, name: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    engine.dispose()


def migrate(url: URL, revision: str = "head") -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url.render_as_string(hide_password=False)
    if revision == "base":
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


@pytest.fixture(scope="session")
def worker() -> str:
    """Keeps the databases of the processes of one run, and of several runs on one server, apart."""
    return f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"


@pytest.fixture(scope="session")
def _pristine(server_url: URL, worker: str) -> Iterator[str]:
    """Migrated once and then only copied: PostgreSQL copies no database that somebody is connected to."""
    name = f"studium_pristine_{worker}"
    migrate(create_database(server_url, name))
    yield name
    drop_database(server_url, name)


@pytest.fixture(scope="session")
def migrated_url(server_url: URL, worker: str, _pristine: str) -> Iterator[URL]:
    """The database of all tests that roll back."""
    name = f"studium_test_{worker}"
    yield create_database(server_url, name, _pristine)
    drop_database(server_url, name)


@pytest.fixture
def empty_database_url(server_url: URL, worker: str) -> Iterator[URL]:
    name = f"studium_empty_{worker}"
    yield create_database(server_url, name)
    drop_database(server_url, name)


@pytest.fixture
def own_database_url(server_url: URL, worker: str, _pristine: str) -> Iterator[URL]:
    """A migrated database for a test that commits from several connections."""
    name = f"studium_own_{worker}"
    yield create_database(server_url, name, _pristine)
    drop_database(server_url, name)


def make_settings(url: URL, files: Path, **changes: object) -> Settings:
    values: dict[str, object] = {
        "environment": Environment.TEST,
        "secret_key": SecretStr(SECRET),
        "database": DatabaseSettings(url=SecretStr(url.render_as_string(hide_password=False))),
        "redis": RedisSettings(url=""),
        "chroma": ChromaSettings(url=""),
        "practice": PracticeSettings(pool_refresh_s=0),
        "files": FilesSettings(directory=files),
    }
    return Settings.model_validate({**values, **changes})


@pytest.fixture(scope="session")
def resources(migrated_url: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resources]:
    resources = Resources.open(make_settings(migrated_url, tmp_path_factory.mktemp("files")))
    yield resources
    resources.close()


@pytest.fixture(scope="session")
def chroma() -> Iterator[ChromaClient]:
    """The Chroma server of the suite; whoever makes a collection on it drops it."""
    client = ChromaClient(chroma_url(), timeout_s=30.0)
    yield client
    client.close()


@pytest.fixture
def connection(resources: Resources) -> Iterator[Connection]:
    """One connection in a transaction that is rolled back when the test ends."""
    with resources.engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def sessions(connection: Connection) -> sessionmaker[Session]:
    """Sessions whose commits only release a savepoint of the test's transaction."""
    return sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    with sessions() as session:
        yield session


@pytest.fixture(scope="session")
def _shared_app(resources: Resources) -> Iterator[FastAPI]:
    app = create_app(resources.settings)
    yield app
    app.state.caches.close()
    app.state.resources.close()


@pytest.fixture
def app(_shared_app: FastAPI, sessions: sessionmaker[Session]) -> Iterator[FastAPI]:
    """The real application; its sessions join the test's transaction, its caches and limits start empty."""
    state, opened = _shared_app.state, _shared_app.state.resources
    state.resources = dataclasses.replace(opened, sessions=sessions, limiter=RateLimiter(RedisSettings()))
    state.caches = PracticeCaches.open(state.resources)
    yield _shared_app
    state.caches.close()
    state.resources = opened


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)
