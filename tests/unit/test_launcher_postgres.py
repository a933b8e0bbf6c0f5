import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.launcher.failure import LaunchError
from scripts.launcher.postgres import PostgresServer
from scripts.launcher.postgres_binaries import PostgresBinaries


@pytest.fixture
def server(tmp_path: Path) -> PostgresServer:
    server = PostgresServer(tmp_path, tmp_path / "socket", PostgresBinaries(tmp_path, 17), None)
    server.cluster.mkdir()
    return server


def test_strange_folder_is_never_taken_for_a_database(server: PostgresServer) -> None:
    with pytest.raises(LaunchError, match="is not a PostgreSQL data folder"):
        server.create_cluster()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
def test_note_of_a_dead_server_is_removed_though_its_process_id_is_taken(server: PostgresServer) -> None:
    note = server.cluster / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{server.cluster}\n", encoding="utf-8")
    server.forget_dead_server()
    assert not note.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
def test_note_of_a_living_server_stays(server: PostgresServer) -> None:
    note = server.cluster / "postmaster.pid"
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(600)", "-D", str(server.cluster)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as living:
        assert living.stdout is not None
        living.stdout.readline()
        note.write_text(f"{living.pid}\n{server.cluster}\n", encoding="utf-8")
        server.forget_dead_server()
        living.kill()
    assert note.exists()
