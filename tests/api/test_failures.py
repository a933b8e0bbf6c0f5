"""What leaves the server when something goes wrong on our side."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import REGISTRY
from psycopg.errors import AdminShutdown
from sqlalchemy.exc import OperationalError

from app.api.deps import get_resources

PATH = "/health/ready"
LABELS = {"method": "GET", "route": PATH, "status": "500"}


@pytest.fixture
def failing(app: FastAPI, request: pytest.FixtureRequest):
    def fail() -> None:
        raise request.param

    app.dependency_overrides[get_resources] = fail
    yield
    app.dependency_overrides.clear()


@pytest.mark.parametrize("failing", [LookupError("secret details")], indirect=True)
@pytest.mark.usefixtures("failing")
def test_an_unexpected_error_tells_its_id_and_nothing_else(client: TestClient) -> None:
    counted = REGISTRY.get_sample_value("studium_http_requests_total", LABELS) or 0
    reply = client.get(PATH, headers={"X-Request-ID": "of-this-test"})
    assert (reply.status_code, reply.json()["code"]) == (500, "internal_error")
    assert reply.json()["request_id"] == reply.headers["x-request-id"] == "of-this-test"
    assert "secret details" not in reply.text
    assert REGISTRY.get_sample_value("studium_http_requests_total", LABELS) == counted + 1


def test_nobody_is_sent_to_a_host_that_the_request_names(client: TestClient) -> None:
    reply = client.get("/api/v1/users/me/", headers={"Host": "evil.example"}, follow_redirects=False)
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "failing", [OperationalError("SELECT 1", {}, AdminShutdown("secret details")), AdminShutdown()], indirect=True
)
@pytest.mark.usefixtures("failing")
def test_a_database_that_restarts_asks_to_come_again(client: TestClient) -> None:
    reply = client.get(PATH)
    assert (reply.status_code, reply.json()["code"]) == (503, "unavailable")
    assert int(reply.headers["retry-after"]) >= 1
    assert "secret details" not in reply.text
