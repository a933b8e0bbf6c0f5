"""Real processes: what a supervisor starts must serve, come back, stop in order, and never be left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.launcher import supervisor as supervising
from scripts.launcher.failure import LaunchError
from scripts.launcher.folders import PROJECT
from scripts.launcher.parts import Part
from scripts.launcher.process_groups import is_running
from scripts.launcher.supervisor import Supervisor

SLEEP = "import time; time.sleep(600)"
IGNORE_TERM = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); "
PARENT_AND_CHILD = (
    "import subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
    "print(child.pid, flush=True); time.sleep(600)"
)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path) as supervisor:
        yield supervisor


def part(name: str, program: str, *, is_ready: Callable[[], bool] = lambda: True, **changes: object) -> Part:
    command = (sys.executable, "-c", program)
    return Part(name=name, title=name.title(), command=command, environment=os.environ, is_ready=is_ready, **changes)


def wait_for(condition: Callable[[], object], timeout_s: float = 20) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def log_of(folder: Path, name: str) -> str:
    log = folder / f"{name}.log"
    return log.read_text(encoding="utf-8") if log.exists() else ""


def test_part_that_ends_while_starting_is_reported_with_its_last_words(supervisor: Supervisor) -> None:
    supervisor.start(part("broken", "raise SystemExit('no such table')", is_ready=lambda: False))
    with pytest.raises(LaunchError, match=r"Broken stopped while starting(.|\n)*no such table"):
        supervisor.wait_until_ready()


def test_full_disk_is_named_instead_of_a_log(supervisor: Supervisor) -> None:
    supervisor.start(part("store", "raise SystemExit('write: No space left on device')", is_ready=lambda: False))
    with pytest.raises(LaunchError, match="disk is full"):
        supervisor.wait_until_ready()


def test_part_that_never_answers_is_given_up(supervisor: Supervisor) -> None:
    supervisor.start(part("mute", SLEEP, is_ready=lambda: False, start_timeout_s=0.2))
    with pytest.raises(LaunchError, match="Mute did not answer within"):
        supervisor.wait_until_ready()


def test_part_that_died_comes_back_without_its_old_children(supervisor: Supervisor, tmp_path: Path) -> None:
    first = supervisor.start(part("worker", PARENT_AND_CHILD))
    wait_for(lambda: log_of(tmp_path, "worker"))
    grandchild = int(log_of(tmp_path, "worker"))
    os.kill(first.pid, signal.SIGKILL)
    first.process.wait()
    wait_for(lambda: supervisor.tend() or supervisor.watched[0].child is not first)
    assert is_running(supervisor.watched[0].child.pid)
    wait_for(lambda: not is_running(grandchild))


def test_part_that_keeps_dying_ends_the_start(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "FIRST_DELAY_S", 0.001)
    supervisor.start(part("api", "raise SystemExit('port in use')"))
    with pytest.raises(LaunchError, match=r"Api keeps stopping(.|\n)*port in use"):
        supervisor.watch()


def test_parts_stop_newest_first_and_the_deaf_are_killed(tmp_path: Path) -> None:
    order = tmp_path / "order"
    report = (
        "import signal, sys, time; "
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(print(sys.argv[1], file=open(sys.argv[2], 'a')))); "
        "print('up', flush=True); time.sleep(600)"
    )
    with Supervisor(tmp_path) as supervisor:
        for name in ("database", "api"):
            command = (sys.executable, "-c", report, name, str(order))
            supervisor.start(Part(name, name, command, os.environ, is_ready=lambda n=name: "up" in log_of(tmp_path, n)))
        deaf = part(
            "deaf", IGNORE_TERM + SLEEP, is_ready=lambda: "deaf" in log_of(tmp_path, "deaf"), stop_timeout_s=0.2
        )
        child = supervisor.start(deaf)
        supervisor.wait_until_ready()
    assert order.read_text(encoding="utf-8").split() == ["api", "database"]
    assert not is_running(child.pid)


def test_killed_supervisor_leaves_no_process(tmp_path: Path) -> None:
    """The part is deaf to its death signal and has a child of its own, so only the reaper can end both."""
    script = f"""
        import os, sys, time
        from pathlib import Path
        from scripts.launcher.parts import Part
        from scripts.launcher.supervisor import Supervisor
        supervisor = Supervisor(Path({str(tmp_path)!r}))
        program = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + {PARENT_AND_CHILD!r}
        command = (sys.executable, "-c", program)
        child = supervisor.start(Part("tree", "Tree", command, os.environ, lambda: True, stop_timeout_s=0.5))
        print(child.pid, flush=True)
        time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        leader = int(killed.stdout.readline())
        wait_for(lambda: log_of(tmp_path, "tree"))
        grandchild = int(log_of(tmp_path, "tree"))
        killed.kill()
    wait_for(lambda: not is_running(leader) and not is_running(grandchild))
