"""Whatever the user can mend ends in a sentence that says how, never in a traceback."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts.launcher import command_line, start_command, test_command
from scripts.launcher.commands import run
from scripts.launcher.failure import LaunchError
from scripts.launcher.folders import PROJECT


def run_main(*arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, as it sets signal handlers."""
    return run([sys.executable, str(PROJECT / "run.py"), *arguments])


def test_help_names_every_option_of_the_contract() -> None:
    shown = run_main("--help")
    assert shown.returncode == 0
    for option in ("--port", "--data-dir", "--no-demo", "--check", "--api-processes", "run.py test"):
        assert option in shown.stdout


def test_old_python_is_told_what_is_needed() -> None:
    program = "import runpy, sys; sys.version_info = (3, 10, 1); runpy.run_path('run.py', run_name='__main__')"
    answer = run([sys.executable, "-c", program])
    assert (answer.returncode, answer.stdout.count("\n")) == (1, 1)
    assert "needs Python 3.11 or newer, this is 3.10" in answer.stdout


def test_taken_port_is_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = run_main("--port", str(port), "--data-dir", str(tmp_path / "data"))
    assert answer.returncode == 1
    assert answer.stdout == f"Port {port} is taken by another program: choose another with --port.\n"


@pytest.mark.parametrize("arguments", [("--port", "99999"), ("--api-processes", "0"), ("--colour",)])
def test_impossible_options_are_refused(arguments: tuple[str, ...]) -> None:
    answer = run_main(*arguments)
    assert answer.returncode == 2
    assert "run.py: error:" in answer.stdout


def test_nearly_full_disk_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start_command.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    options = start_command.StartOptions(port=0, data_dir=tmp_path, demo=False, check=False, api_processes=1)
    with pytest.raises(LaunchError, match="nearly full"):
        start_command.start(options)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_errors_of_the_system_become_sentences(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise OSError(number, os.strerror(number), "/somewhere/data")

    monkeypatch.setattr(command_line, "start", fail)
    monkeypatch.setattr(command_line.signal, "signal", lambda *_: None)
    assert command_line.main([]) == 1
    assert capsys.readouterr().err == f"/somewhere/data: {command_line.SENTENCES[number]}\n"


def test_suite_runs_every_step_and_ends_with_the_first_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = {"lint": 0, "format": 3, "types": 4, "layers": 0, "tests": 5}
    steps = [test_command.Step(name, ("-c", f"raise SystemExit({code})")) for name, code in codes.items()][:-1]
    monkeypatch.setattr(test_command, "install_missing", list)
    monkeypatch.setattr(
        test_command, "PythonEnvironment", lambda: SimpleNamespace(executable=sys.executable, install=lambda *_: None)
    )
    monkeypatch.setattr(
        test_command, "WebPages", lambda _: SimpleNamespace(build=lambda: None, npm=lambda *_: "", weigh=str)
    )
    monkeypatch.setattr(test_command, "_static_steps", lambda: steps)
    monkeypatch.setattr(test_command, "_run_suite", lambda *_: [test_command.Outcome("tests", 5, 1.0)])
    assert test_command.run_tests([]) == 3
    summary = capsys.readouterr().out
    assert all(name in summary for name in codes)
    assert summary.count("FAILED") == 3


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], [["--ignore=tests/e2e/web"], ["tests/e2e/web"]]),
        (["-k", "grading"], [["--ignore=tests/e2e/web", "-k", "grading"], ["-k", "grading", "tests/e2e/web"]]),
        (["tests/unit", "-x"], [["--ignore=tests/e2e/web", "-x", "tests/unit"]]),
        (["tests/e2e/web/conftest.py::name"], [["tests/e2e/web/conftest.py::name"]]),
    ],
)
def test_a_browser_has_a_process_of_its_own(arguments: list[str], expected: list[list[str]]) -> None:
    steps = test_command._suite_steps(arguments, {})
    words = [[word for word in step.command if word not in ("-m", "pytest", "-n", "2")] for step in steps]
    assert words == expected
