"""The API as the launcher starts it, over a real socket: who forwards is believed only where it is set so."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from sqlalchemy.engine import URL

from scripts.launcher.application import Application
from scripts.launcher.folders import PROJECT, DataFolder
from scripts.launcher.listeners import listen
from scripts.launcher.parts import Child
from scripts.launcher.python_environment import PythonEnvironment
from scripts.launcher.services import Services
from tests.conftest import SECRET

pytestmark = pytest.mark.own_database

TIMEOUT_S = 30.0

Start = Callable[..., httpx2.Client]


@pytest.fixture
def start(own_database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts the API with these settings and gives a client of it on the loopback address."""
    data = DataFolder(tmp_path)
    data.create()
    python = PythonEnvironment(Path(sys.prefix))
    services = Services(own_database_url.render_as_string(hide_password=False))
    with ExitStack() as stack:

        def started(**settings: str) -> httpx2.Client:
            for name, value in {"secret_key": SECRET, **settings}.items():
                monkeypatch.setenv(f"APP_{name.upper()}", value)
            application = Application(python, data, services, stack.enter_context(listen(0)))
            [part] = application.api_parts()
            child = Child(part, data.logs)
            stack.callback(child.stop)
            child.wait_until_ready()
            return stack.enter_context(httpx2.Client(base_url=application.url, timeout=TIMEOUT_S))

        yield started


def logins(client: httpx2.Client) -> list[int]:
    """Of four visitors, as they say."""
    body = {"email": "no@example.org", "password": "guess"}
    forged = [{"x-forwarded-for": f"198.51.100.{number}"} for number in range(4)]
    return [client.post("/api/v1/auth/login", json=body, headers=headers).status_code for headers in forged]


def refused(client: httpx2.Client) -> bool:
    """Whether our own page, asked for by https, counts as one of another site."""
    headers = {"origin": f"https://{client.base_url.netloc.decode()}", "x-forwarded-proto": "https"}
    return client.post("/api/v1/auth/logout", headers=headers).status_code == 403


def test_nobody_is_believed_unless_named(start: Start) -> None:
    client = start(limits__login_address="3/minute")
    assert logins(client) == [401] * 3 + [429]
    assert refused(client)


def test_a_named_proxy_is_believed(start: Start) -> None:
    client = start(limits__login_address="3/minute", web__trusted_proxies='["127.0.0.1"]')
    assert logins(client) == [401] * 4
    assert not refused(client)


def test_the_image_starts_the_api_as_the_launcher_does(tmp_path: Path) -> None:
    last = (PROJECT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "").splitlines()[-1]
    command = json.loads(re.sub(r"^CMD ", "", last))
    with listen(0) as listeners:
        services = Services("postgresql://nowhere")
        [part] = Application(PythonEnvironment(), DataFolder(tmp_path), services, listeners).api_parts()
    flags = [word for word in part.command if word.startswith("--") and word != "--fd"]
    assert [word for word in command if word.startswith("--") and word not in {"--host", "--port"}] == flags
