"""The OpenAPI document is what clients are made from: complete, unambiguous, and changed only on purpose.

After a change that is meant: `python -m pytest tests/contract/test_openapi.py --update-snapshots`.
"""

import difflib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

SNAPSHOT = Path(__file__).parent / "openapi.snapshot.txt"
JSON = "application/json"
Json = dict[str, Any]


@pytest.fixture
def document(app: FastAPI) -> Json:
    return app.openapi()


def described_operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def schema_name(schema: Json) -> str:
    """The name of a schema of ours; of a list, that of its members; empty for one without a name."""
    if schema.get("type") == "array":
        members = schema_name(schema["items"])
        return f"list of {members}" if members else ""
    if "anyOf" in schema:
        return " or ".join(filter(None, map(schema_name, schema["anyOf"])))
    return str(schema.get("$ref", "")).rpartition("/")[2]


def reply_schemas(operation: Json) -> dict[str, Json]:
    """JSON bodies of success by status."""
    replies = {status: reply.get("content", {}) for status, reply in operation["responses"].items() if status < "300"}
    return {
        status: content[JSON]["schema"] for status, content in replies.items() if content.get(JSON, {}).get("schema")
    }


def snapshot_lines(document: Json) -> list[str]:
    """One line an operation: what it takes and what it answers."""
    return sorted(line(name, operation) for name, operation in described_operations(document))


def line(name: str, operation: Json) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    taken = [f"{kind} {schema_name(described['schema'])}" for kind, described in content.items()]
    statuses = [status for status in operation["responses"] if status < "300"]
    replies = {status: schema_name(schema) for status, schema in reply_schemas(operation).items()}
    answered = [f"{status} {replies.get(status, '')}".strip() for status in statuses]
    return f"{name} | {', '.join(taken) or '-'} | {', '.join(answered)}"


def test_operation_ids_are_unique(document: Json) -> None:
    ids = Counter(operation["operationId"] for _, operation in described_operations(document))
    assert [name for name, number in ids.items() if number > 1] == []


def test_every_reply_has_a_named_schema(document: Json) -> None:
    nameless = [
        name
        for name, operation in described_operations(document)
        for schema in reply_schemas(operation).values()
        if not schema_name(schema)
    ]
    assert nameless == []


def test_every_operation_names_its_failures_as_problems(document: Json) -> None:
    for name, operation in described_operations(document):
        for status, reply in operation["responses"].items():
            if status >= "400" and name != "GET /health/ready":
                assert set(reply["content"]) == {"application/problem+json"}, f"{name} {status}"


def test_the_interface_changes_only_on_purpose(document: Json, pytestconfig: pytest.Config) -> None:
    now = snapshot_lines(document)
    if pytestconfig.getoption("--update-snapshots"):
        SNAPSHOT.write_text("\n".join(now) + "\n", encoding="utf-8")
    before = SNAPSHOT.read_text(encoding="utf-8").splitlines() if SNAPSHOT.exists() else []
    changes = list(difflib.unified_diff(before, now, "snapshot", "now", lineterm="", n=0))
    assert not changes, "\n".join(
        ["The interface has changed; if that is meant, run the tests of this file with --update-snapshots:", *changes]
    )


def test_the_document_is_found_beside_its_page(client: TestClient) -> None:
    reply = client.get("/api/openapi.json")
    assert (reply.url.path, reply.json()["openapi"][:3]) == ("/openapi.json", "3.1")
