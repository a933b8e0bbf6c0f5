"""Nothing acknowledged is lost and nothing counts twice, whatever is killed while students answer."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from scripts.bench import data
from scripts.launcher.postgres import remove_server
from tests.load.crash_world import World, practise_through, stored_keys

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Open enough for PostgreSQL's account to pass through, which runs it when we are root."""
    with tempfile.TemporaryDirectory(prefix="studium-crash-") as name:
        Path(name).chmod(0o711)
        yield Path(name)
        remove_server(Path(name))


def test_kills_lose_nothing_and_count_nothing_twice(folder: Path) -> None:
    world = World(folder, "app.main:create_app")
    with world.running() as engine:
        known = practise_through(world, kills=6, seed=1)
        stored = Counter(stored_keys(engine))
        drift = data.drift(engine)
    assert len(known.replies) > 100
    assert known.resends > 0
    assert known.contradictions == []
    assert set(known.replies) <= set(stored)
    assert max(stored.values()) == 1
    assert {name: value for name, value in drift.items() if abs(value) > 1e-6} == {}


def test_without_its_guards_the_same_load_counts_twice(folder: Path) -> None:
    """The mutant: no unique key, no look-up of the earlier step. The test above would turn red on it."""
    world = World(folder, "tests.load.mutant_app:create_mutant")
    with world.running() as engine:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE attempts DROP CONSTRAINT uq_attempts_user_id_client_key"))
        practise_through(world, kills=1, seed=1)
        stored = Counter(stored_keys(engine))
    assert max(stored.values()) > 1
