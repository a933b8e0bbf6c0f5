import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .failure import LaunchError
from .folders import BACKEND, PROJECT
from .python_environment import PythonEnvironment
from .services import services
from .system_packages import install_missing
from .variables import own_variables
from .web_pages import WebPages

PYTEST_PROCESSES = 2
NO_TESTS = 5  # pytest's exit code
BROWSER_TESTS = "tests/e2e/web"


@dataclass(frozen=True)
class Step:
    """A check, run by the project's Python."""

    name: str
    command: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)
    may_be_empty: bool = False


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
    pages = WebPages(python)
    pages.build()
    outcomes = [_run_step(python, step) for step in _static_steps()]
    outcomes += [
        _run_pages_step("pages", lambda: pages.npm("run", "check")),
        _run_pages_step("logic of pages", lambda: pages.npm("test")),
        _run_pages_step("weight of pages", pages.weigh),
    ]
    outcomes += _run_suite(python, pytest_arguments)
    _summarise(outcomes, missing)
    return next((outcome.exit_code for outcome in outcomes if outcome.exit_code != 0), 0)


def _static_steps() -> list[Step]:
    scripts = sorted(str(script.relative_to(PROJECT)) for script in PROJECT.glob("scripts/[a-z]*.py"))
    return [
        Step("lint", ("-m", "ruff", "check", ".")),
        Step("format", ("-m", "ruff", "format", "--check", ".")),
        Step("types", ("-m", "mypy", "backend/app", "run.py", "scripts/launcher", "scripts/demo")),
        # Scripts import one another as Python finds them when one of them is run: by their bare names.
        Step("types of scripts", ("-m", "mypy", *scripts), {"MYPYPATH": "scripts"}),
        Step("types of the API", ("scripts/make_web_client.py", "--check")),
        Step("layers", ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")),
    ]


def _run_pages_step(name: str, work: Callable[[], str]) -> Outcome:
    print(f"\n== {name}")
    began = time.monotonic()
    try:
        print(work())
    except LaunchError as error:
        print(error)
        return Outcome(name, 1, time.monotonic() - began)
    return Outcome(name, 0, time.monotonic() - began)


def _run_suite(python: PythonEnvironment, arguments: list[str]) -> list[Outcome]:
    with _scratch_folder() as scratch, services(scratch) as running:
        urls = {
            "TEST_DATABASE_URL": running.database_url,
            "TEST_REDIS_URL": running.redis_url,
            "TEST_CHROMA_URL": running.chroma_url,
        }
        return [_run_step(python, step) for step in _suite_steps(arguments, urls)]


def _suite_steps(arguments: list[str], urls: dict[str, str]) -> list[Step]:
    """The tests in a browser have one process to themselves: they share a product, and keep an event loop running."""
    named = [word for word in arguments if not word.startswith("-") and (PROJECT / word.partition("::")[0]).exists()]
    options = [word for word in arguments if word not in named]
    in_browser = [word for word in named if word.startswith(BROWSER_TESTS)]
    others = [word for word in named if word not in in_browser]
    steps = []
    if others or not named:
        many = ("-n", str(PYTEST_PROCESSES), f"--ignore={BROWSER_TESTS}")
        steps.append(Step("tests", ("-m", "pytest", *many, *options, *others), urls))
    if in_browser or not named:
        chosen = in_browser or [BROWSER_TESTS]
        steps.append(Step("tests in a browser", ("-m", "pytest", *options, *chosen), urls, may_be_empty=bool(options)))
    return steps


def _run_step(python: PythonEnvironment, step: Step) -> Outcome:
    """Its output goes straight to the terminal: a suite is watched while it runs."""
    print(f"\n== {step.name}: {' '.join(step.command)}")
    began = time.monotonic()
    answer = subprocess.run(  # noqa: S603 - our own command lines and the caller's arguments to pytest
        [str(python.executable), *step.command],
        cwd=PROJECT,
        env=own_variables() | {"PYTHONPATH": str(BACKEND)} | step.variables,
        check=False,
    )
    is_empty = step.may_be_empty and answer.returncode == NO_TESTS
    return Outcome(step.name, 0 if is_empty else answer.returncode, time.monotonic() - began)


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
        print(f"{outcome.step:18} {outcome.seconds:6.1f} s  {verdict}")
    if missing:
        print(f"Not installed, so what needs it could not be tested: {' '.join(missing)}")
