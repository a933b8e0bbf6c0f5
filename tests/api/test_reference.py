"""The pages about the API: everything on them comes from this server."""

import re

from fastapi.testclient import TestClient


def test_the_reference_loads_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    assert "script-src 'self';" in page.headers["content-security-policy"]
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(named) == 3
    for name in named:
        assert name.startswith("/api/docs/")
        assert client.get(name).status_code == 200
    assert "<script>" not in page.text


def test_the_reference_serves_its_own_files_only(client: TestClient) -> None:
    for name in ("redoc.standalone.js", "..%2fopenapi.json", "nothing"):
        assert client.get(f"/api/docs/{name}").status_code == 404
