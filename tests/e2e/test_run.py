"""The whole product as its user starts it: `python3 run.py`, in a data folder of its own, over HTTP."""

import json
import os
import signal
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.launcher.commands import run
from scripts.launcher.folders import PROJECT
from scripts.launcher.http_probe import answers_ok
from scripts.launcher.postgres import remove_server
from tests.e2e.product import STOP_S, Product, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

STUDENT = {"email": "kept@example.org", "name": "Kept", "password": "a long enough pass phrase"}


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Open enough for PostgreSQL's account to pass through, which runs it when we are root."""
    with tempfile.TemporaryDirectory(prefix="studium-e2e-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)
        remove_server(Path(folder))


@pytest.fixture
def start(data_dir: Path) -> Iterator[Callable[..., Product]]:
    started: list[Product] = []

    def start_product(*options: str) -> Product:
        started.append(Product(data_dir, *options))
        return started[-1]

    yield start_product
    for product in started:
        if product.process.poll() is None:
            product.end(signal.SIGTERM)


def post(url: str, path: str, body: dict[str, str]) -> dict[str, object]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url + path, json.dumps(body).encode(), headers)  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=20) as reply:  # noqa: S310 - as above
        answer: dict[str, object] = json.load(reply)
        return answer


def log_in(url: str) -> dict[str, object]:
    return post(url, "/api/v1/auth/login", {"email": STUDENT["email"], "password": STUDENT["password"]})


def test_check_tries_the_main_job(data_dir: Path) -> None:
    answer = run([sys.executable, str(PROJECT / "run.py"), "--check", "--port", "0", "--data-dir", str(data_dir)])
    assert answer.returncode == 0, answer.stdout
    assert "Check passed: 3 questions answered, mastery moved: " in answer.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")
def test_killed_start_leaves_nothing_running_and_loses_nothing(start: Callable[..., Product]) -> None:
    killed = start("--no-demo")
    post(killed.url, "/api/v1/auth/register", STUDENT)
    assert len(killed.processes()) > 5, "the test sees the parts"
    killed.end(signal.SIGKILL)
    wait_for(lambda: not killed.processes(), STOP_S)

    second = start("--no-demo")
    assert log_in(second.url)["access_token"]
    third = start("--no-demo")
    assert third.process.wait(STOP_S) == 1
    assert third.output == f"Studium already runs with this data folder: {second.url} (process {second.process.pid}).\n"
    assert second.end(signal.SIGTERM) == 0
    assert second.processes() == []


def test_parts_that_die_come_back(start: Callable[..., Product], data_dir: Path) -> None:
    product = start("--no-demo", "--api-processes", "2")
    url = product.url
    post(url, "/api/v1/auth/register", STUDENT)
    postmaster = int((data_dir / "postgres" / "cluster" / "postmaster.pid").read_text(encoding="ascii").split()[0])
    os.kill(postmaster, signal.SIGKILL)
    wait_for(lambda: "stopped by itself; starting it again" in product.output, STOP_S)
    wait_for(lambda: answers_ok(f"{url}/health/ready"), STOP_S)
    assert log_in(url)["access_token"]
    assert product.end(signal.SIGINT) == 0
