"""A real browser on the real product: started once, looked at by every test of the pages.

Tests ask for `visit`, which opens a page as somebody, and for `look`, which takes the pictures of a screen and lets axe
judge each of them.
"""

import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    StorageState,
    expect,
    sync_playwright,
)

from scripts.launcher.folders import PROJECT
from scripts.launcher.postgres import remove_server
from tests.e2e.product import Product
from tests.e2e.web.students import Bank

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
STATE_KEPT_S = 300
PATIENCE_MS = 15_000
LOGIN = re.compile(r"(student|teacher|admin): (\S+) / (.+)")
EXPECTED_NOISE = re.compile(r"status of (4\d\d|50[23])|ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs them all, so that one product is started."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for mark in (pytest.mark.e2e, pytest.mark.timeout(600), pytest.mark.xdist_group("web")):
                item.add_marker(mark)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    given = os.environ.get("STUDIUM_WEB_URL_FILE")
    if given:
        # What `run.py` printed when it was started by hand: saves its start while tests are written.
        yield RunningProduct(Path(given))
        return
    with tempfile.TemporaryDirectory(prefix="studium-web-") as folder:
        Path(folder).chmod(0o711)
        running = Product(Path(folder))
        running.wait_until_started()
        yield running
        running.end(signal.SIGTERM)
        remove_server(Path(folder))


class RunningProduct(Product):
    """One that somebody else started and will end."""

    def __init__(self, output: Path) -> None:
        self._output = output

    def wait_until_started(self) -> None:
        pass

    @property
    def url(self) -> str:
        address = re.search(r"runs at (http://\S+)", self.output)
        assert address, self.output
        return address[1]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = next((path for path in CHROMIUM if Path(path).exists()), shutil.which("chromium"))
    assert program, "no Chromium on this machine: apt-get install chromium"
    browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    yield browser
    browser.close()


@dataclass
class Logins:
    """The demo's logins; a login is kept for a while, because their number is limited."""

    product: Product
    kept: dict[str, tuple[float, StorageState]] = field(default_factory=dict)

    def password(self, role: str) -> tuple[str, str]:
        found = {who: (email, password) for who, email, password in LOGIN.findall(self.product.output)}
        return found[role]

    def state(self, role: str, browser: Browser) -> StorageState:
        at, state = self.kept.get(role, (0.0, None))
        if state is None or time.monotonic() - at > STATE_KEPT_S:
            state = self._log_in(role, browser)
            self.kept[role] = (time.monotonic(), state)
        return state

    def _log_in(self, role: str, browser: Browser) -> StorageState:
        email, password = self.password(role)
        context = browser.new_context()
        body = {"email": email, "password": password}
        reply = context.request.post(f"{self.product.url}/api/v1/auth/login", data=body)
        assert reply.ok, reply.text()
        state = context.storage_state()
        context.close()
        return state


@pytest.fixture(scope="session")
def logins(product: Product) -> Logins:
    return Logins(product)


@pytest.fixture
def bank(product: Product, browser: Browser, logins: Logins) -> Iterator[Bank]:
    context = browser.new_context(base_url=product.url, storage_state=logins.state("admin", browser))
    yield Bank(context.request)
    context.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(product: Product, browser: Browser, logins: Logins) -> Iterator[Visit]:
    """`visit("/admin", "admin")`: a page of its own, as a role of the demo or as nobody.

    At the end of the test no page may have complained on its console: no error, no breach of the content policy.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(path: str = "/", role: str | None = None, size: str = "desktop", **options: object) -> Page:
        settings: dict[str, object] = {
            "viewport": SIZES[size],
            "reduced_motion": "reduce",
            "locale": "en-GB",
            "color_scheme": "light",
        }
        settings["base_url"] = product.url
        state = logins.state(role, browser) if role else None
        context = browser.new_context(**{**settings, "storage_state": state, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", lambda message: _complain(message, complaints))
        page.on("pageerror", lambda error: complaints.append(f"{error.name}: {error.message}\n{error.stack}"))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _complain(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error" and not EXPECTED_NOISE.search(message.text):
        complaints.append(message.text)


def settle(page: Page) -> None:
    """Until nothing is being read any more and the fonts are there."""
    page.wait_for_load_state("networkidle")
    expect(page.locator(".skeleton")).to_have_count(0, timeout=PATIENCE_MS)
    page.evaluate("document.fonts.ready.then(() => true)")


Look = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def look(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Look:
    """Pictures of a screen on phone and desktop, light and dark, each of them without a finding of axe.

    The pictures are for people: `--screenshot-folder` says where to keep them.
    """
    folder = pytestconfig.getoption("--screenshot-folder")
    target = Path(folder) if folder else tmp_path_factory.mktemp("screenshots")
    target.mkdir(parents=True, exist_ok=True)
    code = AXE.read_text(encoding="utf-8")

    def look_at(page: Page, name: str) -> None:
        before = page.viewport_size
        settle(page)
        findings = [
            f"{name} ({size}, {scheme}): {finding}"
            for scheme in ("light", "dark")
            for size, viewport in SIZES.items()
            for finding in _look_once(page, code, target / f"{name}-{size}-{scheme}.png", viewport, scheme)
        ]
        page.emulate_media(color_scheme="light")
        if before:
            page.set_viewport_size(before)
        assert not findings, "\n".join(findings)

    return look_at


def _look_once(page: Page, code: str, picture: Path, viewport: dict[str, int], scheme: str) -> list[str]:
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.screenshot(path=picture)
    page.evaluate(code)
    found = page.evaluate("rules => axe.run({ runOnly: rules, resultTypes: ['violations'] })", RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
