import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .folders import BACKEND, PROJECT
from .python_environment import PythonEnvironment
from .services import services
from .system_packages import install_missing
from .variables import own_variables

PYTEST_PROCESSES = 2


@dataclass(frozen=True)
class Outcome:
    step: str
    exit_code: int
    seconds: float


def run_tests(pytest_arguments: list[str]) -> int:
    """Every check of the project, all of them even after one failed; the exit code of the first that did."""
    missing = install_missing()
    python = PythonEnvironment()
    python.install("base", "Studium's Python packages")
    python.install("dev", "tools for testing")
    outcomes = [_run_step(python, name, command) for name, command in _static_steps().items()]
    outcomes.append(_run_suite(python, pytest_arguments))
    _summarise(outcomes, missing)
    return next((outcome.exit_code for outcome in outcomes if outcome.exit_code != 0), 0)


def _static_steps() -> dict[str, tuple[str, ...]]:
    return {
        "lint": ("-m", "ruff", "check", "."),
        "format": ("-m", "ruff", "format", "--check", "."),
        "types": ("-m", "mypy", "backend/app", "scripts", "run.py"),
        "layers": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
    }


def _run_suite(python: PythonEnvironment, arguments: list[str]) -> Outcome:
    with _scratch_folder() as scratch, services(scratch) as running:
        urls = {
            "TEST_DATABASE_URL": running.database_url,
            "TEST_REDIS_URL": running.redis_url,
            "TEST_CHROMA_URL": running.chroma_url,
        }
        command = ("-m", "pytest", "-n", str(PYTEST_PROCESSES), *arguments)
        return _run_step(python, "tests", command, urls)


def _run_step(
    python: PythonEnvironment, name: str, command: tuple[str, ...], variables: dict[str, str] | None = None
) -> Outcome:
    """Its output goes straight to the terminal: a suite is watched while it runs."""
    print(f"\n== {name}: {' '.join(command)}")
    began = time.monotonic()
    environment = own_variables() | {"PYTHONPATH": str(BACKEND)} | (variables or {})
    answer = subprocess.run(  # noqa: S603 - our own command lines and the caller's arguments to pytest
        [str(python.executable), *command], cwd=PROJECT, env=environment, check=False
    )
    return Outcome(name, answer.returncode, time.monotonic() - began)


@contextmanager
def _scratch_folder() -> Iterator[Path]:
    """Open enough for PostgreSQL's account to pass through, which runs it when we are root."""
    with tempfile.TemporaryDirectory(prefix="studium-test-") as folder:
        scratch = Path(folder)
        scratch.chmod(0o711)
        yield scratch


def _summarise(outcomes: list[Outcome], missing: list[str]) -> None:
    print("\n== summary")
    for outcome in outcomes:
        verdict = "passed" if outcome.exit_code == 0 else f"FAILED (exit code {outcome.exit_code})"
        print(f"{outcome.step:8} {outcome.seconds:6.1f} s  {verdict}")
    if missing:
        print(f"Not installed, so what needs it could not be tested: {' '.join(missing)}")
