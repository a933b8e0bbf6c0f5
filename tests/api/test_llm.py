from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ai.llm.interface import Message, Prompt
from app.domain.enums import Role
from app.models import AuditEvent
from app.services.llm_errors import LlmUnavailableError
from app.services.llm_gateway import LlmGateway
from tests.factories.language_models import MODEL, caller_of, with_llm
from tests.factories.users import auth, make_user
from tests.standins.llm import LlmStandIn, Scenario

PROMPT = Prompt("test.v1", "Be brief.", (Message("user", "Say something to me."),), max_tokens=100)


@pytest.fixture
def admin(client: TestClient, session: Session) -> dict[str, str]:
    return auth(client, make_user(session, role=Role.ADMIN))


@pytest.fixture
def server() -> Iterator[LlmStandIn]:
    with LlmStandIn() as running:
        yield running


@pytest.fixture
def gateway(app: FastAPI, server: LlmStandIn) -> LlmGateway:
    app.state.resources = with_llm(app.state.resources, server, breaker_failures=3)
    return LlmGateway.of(app.state.resources)


def test_an_installation_without_models_says_so(client: TestClient, admin: dict[str, str]) -> None:
    providers = client.get("/api/v1/llm/providers", headers=admin).json()["items"]
    assert [each["provider"] for each in providers] == ["gemini", "openai", "anthropic"]
    assert not any(each["is_configured"] or each["position"] for each in providers)
    assert client.get("/api/v1/llm/allowance", headers=admin).json()["is_configured"] is False


def test_the_state_of_a_failing_provider_is_shown_without_its_key(
    client: TestClient, session: Session, admin: dict[str, str], gateway: LlmGateway, server: LlmStandIn
) -> None:
    user = make_user(session)
    gateway.generate(caller_of(user), PROMPT)
    server.scenario = Scenario.ERROR
    with pytest.raises(LlmUnavailableError):
        gateway.generate(caller_of(user), PROMPT)
    reply = client.get("/api/v1/llm/providers", headers=admin)
    first = reply.json()["items"][0]
    assert (first["model"], first["position"], first["is_resting"]) == (MODEL, 1, True)
    assert (first["last_outcome"], "HTTP 500" in first["last_message"]) == ("overloaded", True)
    assert first["last_success_at"] is not None
    assert "only-for-the-suite" not in reply.text


@pytest.mark.parametrize(
    ("group", "name"),
    [("flow", "explanation"), ("model", MODEL), ("provider", "gemini"), ("role", "student"), ("outcome", "succeeded")],
)
def test_usage_is_added_up_by_what_is_asked(
    client: TestClient, session: Session, admin: dict[str, str], gateway: LlmGateway, group: str, name: str
) -> None:
    user = make_user(session)
    for _ in range(2):
        gateway.generate(caller_of(user), PROMPT)
    report = client.get(f"/api/v1/llm/usage?group_by={group}", headers=admin).json()
    (row,) = report["items"]
    assert (row["name"], row["calls"], row["failures"], row["tokens_in"]) == (name, 2, 0, 10)
    assert float(row["cost"]) == pytest.approx(0.042)


def test_usage_by_day_and_person_and_of_another_time(
    client: TestClient, session: Session, admin: dict[str, str], gateway: LlmGateway
) -> None:
    user = make_user(session)
    gateway.generate(caller_of(user), PROMPT)
    by_user = client.get("/api/v1/llm/usage?group_by=user", headers=admin).json()["items"]
    assert [row["name"] for row in by_user] == [str(user.id)]
    assert len(client.get("/api/v1/llm/usage?group_by=day", headers=admin).json()["items"]) == 1
    long_ago = "since=2020-01-01T00:00:00Z&until=2020-02-01T00:00:00Z"
    assert client.get(f"/api/v1/llm/usage?{long_ago}", headers=admin).json()["items"] == []
    too_long = "since=2020-01-01T00:00:00Z&until=2022-02-01T00:00:00Z"
    assert client.get(f"/api/v1/llm/usage?{too_long}", headers=admin).status_code == 400


def test_limits_are_set_listed_and_audited(client: TestClient, session: Session, admin: dict[str, str]) -> None:
    user = make_user(session)
    body = {"day_tokens": 1000, "month_cost": "2.5"}
    for path in ("organisation", "roles/student", f"users/{user.id}"):
        reply = client.put(f"/api/v1/llm/limits/{path}", headers=admin, json=body)
        assert (reply.status_code, reply.json()["day_tokens"]) == (200, 1000)
    again = client.put("/api/v1/llm/limits/roles/student", headers=admin, json={"day_tokens": 7})
    assert (again.json()["day_tokens"], again.json()["month_cost"]) == (7, None)
    listed = client.get("/api/v1/llm/limits?limit=2", headers=admin).json()
    rest = client.get(f"/api/v1/llm/limits?limit=2&cursor={listed['next_cursor']}", headers=admin).json()
    assert [each["scope"] for each in listed["items"] + rest["items"]] == ["organisation", "role", "user"]
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.object_type == "usage_limit")).all()
    assert actions == ["usage_limit.changed"] * 4
    unknown = client.put(f"/api/v1/llm/limits/users/{uuid4()}", headers=admin, json=body)
    assert unknown.status_code == 404


def test_a_person_sees_what_is_left(
    client: TestClient, session: Session, admin: dict[str, str], gateway: LlmGateway
) -> None:
    user = make_user(session)
    client.put(f"/api/v1/llm/limits/users/{user.id}", headers=admin, json={"day_tokens": 20, "month_cost": "1"})
    gateway.generate(caller_of(user), PROMPT)
    left = client.get("/api/v1/llm/allowance", headers=auth(client, user)).json()
    assert (left["day_tokens"]["used"], left["day_tokens"]["left"]) == ("13", "7")
    assert float(left["month_cost"]["left"]) == pytest.approx(0.979)
    assert (left["month_tokens"], left["organisation_is_spent"]) == (None, False)


def test_the_price_table_tells_where_it_comes_from(
    client: TestClient, session: Session, admin: dict[str, str], app: FastAPI, server: LlmStandIn
) -> None:
    app.state.resources = with_llm(app.state.resources, server)
    table = client.get("/api/v1/llm/prices", headers=admin).json()
    (own,) = [each for each in table["items"] if each["is_own"]]
    assert (own["model"], own["tokens_out"], table["unpriced"]) == (MODEL, "2000", [])
    shipped = [each for each in table["items"] if not each["is_own"]]
    assert all(each["source"] and each["as_of"] for each in shipped)
    app.state.resources = with_llm(app.state.resources, server, prices=())
    assert client.get("/api/v1/llm/prices", headers=admin).json()["unpriced"] == [MODEL]
    assert client.get("/api/v1/llm/prices", headers=auth(client, make_user(session))).status_code == 403
