"""The built pages are served beside the API and never in its place."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.core.config import WebSettings
from app.core.resources import Resources
from app.main import create_app

ASSET = "/_app/immutable/start.0123.js"


@pytest.fixture(scope="module")
def pages(resources: Resources, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    build = tmp_path_factory.mktemp("build")
    for name, text in {"index.html": "<!doctype html>the page", ASSET: "script", "icon.svg": "<svg/>"}.items():
        path = build / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (build / f"{ASSET.lstrip('/')}.br").write_bytes(b"small")
    (build / ".sources.sha256").write_text("digest", encoding="ascii")
    app = create_app(resources.settings.model_copy(update={"web": WebSettings(pages_directory=build)}))
    yield TestClient(app)
    app.state.caches.close()
    app.state.resources.close()


@pytest.mark.parametrize("path", ["/", "/practice", "/admin/questions/0195", "/apiary", "/healthy"])
def test_every_other_path_is_the_page(pages: TestClient, path: str) -> None:
    reply = pages.get(path)
    assert reply.text == "<!doctype html>the page"
    assert reply.headers["cache-control"] == "no-cache"
    policy = dict(part.split(" ", 1) for part in reply.headers["content-security-policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in reply.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/api", "/api/v1/nothing", "/api/v1/questions/x/y/z", "/health/nothing", "/metrics/x"]
)
def test_what_the_api_does_not_have_is_not_found(pages: TestClient, path: str) -> None:
    reply = pages.get(path, headers={"accept": "text/html"})
    assert reply.status_code == 404
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/_app/immutable/gone.js", "/picture.png", "/_app/x", "/.sources.sha256", f"{ASSET}.br"]
)
def test_a_missing_file_is_no_page(pages: TestClient, path: str) -> None:
    assert pages.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/../secret", "/%2e%2e/%2e%2e/etc/passwd", "/_app/../../index.html"])
def test_no_path_leads_out_of_the_build(pages: TestClient, path: str) -> None:
    reply = pages.get(path)
    assert reply.status_code == 404 or reply.text == "<!doctype html>the page"


def test_pages_can_only_be_read(pages: TestClient) -> None:
    assert pages.post("/practice").status_code == 404
    assert pages.head("/practice").status_code == 200
    assert pages.head("/practice").text == ""


def test_hashed_assets_are_kept_and_sent_compressed(pages: TestClient) -> None:
    small = pages.get(ASSET, headers={"accept-encoding": "gzip, br;q=0.9"})
    assert small.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (small.headers["content-encoding"], small.headers["content-length"]) == ("br", "5")
    plain = pages.get(ASSET, headers={"accept-encoding": "identity"})
    assert plain.text == "script"
    assert plain.headers["content-type"].startswith("text/javascript")
    assert {small.headers["vary"], plain.headers["vary"]} == {"Accept-Encoding"}


def test_an_unchanged_file_is_not_sent_again(pages: TestClient) -> None:
    tag = pages.get("/icon.svg").headers["etag"]
    again = pages.get("/icon.svg", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_without_pages_there_is_only_the_api(client: TestClient) -> None:
    assert client.get("/practice").status_code == 404
