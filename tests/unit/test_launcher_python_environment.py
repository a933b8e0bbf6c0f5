from pathlib import Path

import pytest

from scripts.launcher import python_environment
from scripts.launcher.failure import LaunchError
from scripts.launcher.python_environment import PythonEnvironment

STUB = """#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
case "$*" in *install*) cat "$(dirname "$0")/says"; exit "$(cat "$(dirname "$0")/code")";; esac
"""


class StubPython:
    """A `.venv` whose Python writes down what it was called with, and answers as it is told."""

    def __init__(self, folder: Path) -> None:
        self.environment = PythonEnvironment(folder)
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        self.environment.executable.write_text(STUB, encoding="ascii")
        self.environment.executable.chmod(0o755)
        self.answer("", 0)

    def answer(self, says: str, code: int) -> None:
        (self.bin / "says").write_text(says, encoding="ascii")
        (self.bin / "code").write_text(str(code), encoding="ascii")

    def installs(self) -> int:
        return sum("pip install" in call for call in (self.bin / "calls").read_text(encoding="ascii").splitlines())


@pytest.fixture
def requirements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(python_environment, "PROJECT", tmp_path)
    listed = tmp_path / "requirements" / "base.txt"
    listed.parent.mkdir()
    listed.write_text("one==1\n", encoding="ascii")
    return listed


@pytest.fixture
def python(tmp_path: Path) -> StubPython:
    return StubPython(tmp_path / "venv")


def test_installs_again_only_when_the_list_changed(python: StubPython, requirements: Path) -> None:
    for _ in range(2):
        python.environment.install("base", "packages")
    assert python.installs() == 1
    requirements.write_text("one==2\n", encoding="ascii")
    python.environment.install("base", "packages")
    assert python.installs() == 2


@pytest.mark.usefixtures("requirements")
def test_failed_install_is_shown_and_tried_again(python: StubPython) -> None:
    python.answer("ERROR: could not connect", 1)
    for _ in range(2):
        with pytest.raises(LaunchError, match=r"could not connect(.|\n)*network connection"):
            python.environment.install("base", "packages")
    assert python.installs() == 2


@pytest.mark.usefixtures("requirements")
def test_full_disk_while_installing_is_named(python: StubPython) -> None:
    python.answer("OSError: [Errno 28] No space left on device", 1)
    with pytest.raises(LaunchError, match="disk is full"):
        python.environment.install("base", "packages")


@pytest.mark.usefixtures("requirements")
def test_missing_venv_module_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(python_environment.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(LaunchError, match=r"apt-get install python3\.\d+-venv"):
        PythonEnvironment(tmp_path / "none").install("base", "packages")


def test_broken_environment_is_made_anew(tmp_path: Path) -> None:
    leftover = tmp_path / "venv" / "lib" / "python3.0"
    leftover.mkdir(parents=True)
    environment = PythonEnvironment(tmp_path / "venv")
    environment.make()
    assert not leftover.exists()
    assert environment.executable.exists()
