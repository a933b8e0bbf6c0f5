import fcntl
import json
import os
from pathlib import Path

import pytest

from scripts.launcher import data_lock
from scripts.launcher.data_lock import only_start
from scripts.launcher.failure import LaunchError

NO_SUCH_PROCESS = 2**22 + 1  # above the largest process id Linux gives out


def test_second_start_is_refused_with_the_address_of_the_first(tmp_path: Path) -> None:
    with only_start(tmp_path / "lock") as lock:
        lock.note("http://127.0.0.1:8000")
        with (
            pytest.raises(LaunchError, match=r"already runs .* http://127\.0\.0\.1:8000"),
            only_start(tmp_path / "lock"),
        ):
            pass


def test_lock_is_free_after_the_first_has_ended(tmp_path: Path) -> None:
    for port in (8000, 8001):
        with only_start(tmp_path / "lock") as lock:
            lock.note(f"http://127.0.0.1:{port}")
    noted = json.loads((tmp_path / "lock").read_text(encoding="utf-8"))
    assert noted == {"pid": os.getpid(), "url": "http://127.0.0.1:8001"}


def test_parts_of_a_killed_start_are_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_lock, "CLEANUP_S", 0.1)
    path = tmp_path / "lock"
    path.write_text(json.dumps({"pid": NO_SUCH_PROCESS, "url": "http://127.0.0.1:8000"}), encoding="utf-8")
    with path.open("r+", encoding="utf-8") as left_behind:
        fcntl.flock(left_behind, fcntl.LOCK_EX)
        with pytest.raises(LaunchError, match="earlier start still hold"), only_start(path):
            pass
    with only_start(path):
        pass
