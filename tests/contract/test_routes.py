"""What holds for every route, the ones to come included."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy.orm import Session

from app.domain.enums import Role
from tests.contract.operations import Operation, operations
from tests.factories.users import auth, make_user

PROBLEM = "application/problem+json"
ALLOWED = {
    "user": {Role.STUDENT, Role.TEACHER, Role.ADMIN},
    "staff": {Role.TEACHER, Role.ADMIN},
    "admin": {Role.ADMIN},
}
# A resend of these is harmless without a key of its own.
SAFE_BY_NATURE = {
    "POST /api/v1/auth/register": "the e-mail address is unique, and a stranger has no user to keep a key for",
    "POST /api/v1/auth/password-resets": "each mail holds a link of its own, and their number is limited",
    "POST /api/v1/media": "files are stored by their content",
}
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}


@pytest.fixture
def all_operations(app: FastAPI) -> list[Operation]:
    return list(operations(app))


@pytest.fixture
def closed_operations(all_operations: list[Operation]) -> list[Operation]:
    return [operation for operation in all_operations if operation.policies != ["public"]]


@pytest.fixture
def headers(client: TestClient, session: Session) -> dict[Role, dict[str, str]]:
    return {role: auth(client, make_user(session, role=role)) for role in Role}


def problem_of(reply: Response) -> tuple[int, str]:
    """Status and code; no code when the reply is no problem document."""
    is_problem = reply.headers.get("content-type") == PROBLEM
    return reply.status_code, reply.json()["code"] if is_problem else ""


def test_every_route_declares_exactly_one_access_policy(all_operations: list[Operation]) -> None:
    assert {operation.name: operation.policies for operation in all_operations if len(operation.policies) != 1} == {}


def test_what_is_no_route_of_ours_can_only_be_read(app: FastAPI) -> None:
    others = [
        context for context in iter_route_contexts(app.routes) if not isinstance(context.original_route, APIRoute)
    ]
    assert [other.path for other in others if not (other.methods or set()) <= {"GET", "HEAD"}] == []


def test_every_route_says_what_it_does(all_operations: list[Operation]) -> None:
    shown = [operation for operation in all_operations if operation.context.include_in_schema]
    assert [operation.name for operation in shown if not operation.described.get("description")] == []


def test_every_creating_post_can_be_sent_again(all_operations: list[Operation]) -> None:
    creating = [operation for operation in all_operations if operation.method == "POST" and creates(operation)]
    unsafe = {operation.name for operation in creating if not takes_a_key(operation)}
    assert unsafe == SAFE_BY_NATURE.keys()


def creates(operation: Operation) -> bool:
    """Also what begins long work; what is done to a thing that exists already leads to the same state again."""
    status = operation.context.status_code
    return status == HTTPStatus.CREATED or (status == HTTPStatus.ACCEPTED and not operation.takes_ids)


def takes_a_key(operation: Operation) -> bool:
    names = {parameter["name"] for parameter in operation.described.get("parameters", ())}
    return "Idempotency-Key" in names or "client_key" in required_members(operation)


def required_members(operation: Operation) -> list[str]:
    content = operation.described.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    schema: dict[str, Any] = operation.document["components"]["schemas"].get(reference.rpartition("/")[2], {})
    return schema.get("required", [])


def test_strangers_are_asked_to_log_in(client: TestClient, closed_operations: list[Operation]) -> None:
    replies = {operation.name: problem_of(operation.send(client)) for operation in closed_operations}
    assert len(replies) > 50
    assert {name: reply for name, reply in replies.items() if reply != (401, "unauthenticated")} == {}


def forbidden_pairs(closed_operations: list[Operation]) -> Iterator[tuple[Role, Operation]]:
    for operation in closed_operations:
        for role in set(Role) - ALLOWED[operation.policies[0]]:
            yield role, operation


def test_every_role_is_kept_out_of_what_is_not_its_own(
    client: TestClient, closed_operations: list[Operation], headers: dict[Role, dict[str, str]]
) -> None:
    replies = {
        f"{role} {operation.name}": problem_of(operation.send(client, headers[role]))
        for role, operation in forbidden_pairs(closed_operations)
    }
    assert len(replies) > 40
    assert {name: reply for name, reply in replies.items() if reply != (403, "forbidden")} == {}


def is_refusal_or_empty(reply: Response) -> bool:
    """A list below something unknown may be empty, as it is below something that is hidden from the asker."""
    if reply.status_code == HTTPStatus.OK:
        return reply.json() == {"items": [], "next_cursor": None}
    status, code = problem_of(reply)
    return status in REFUSED and code != ""


@pytest.mark.parametrize("role", Role)
def test_ids_of_nothing_get_a_refusal_and_never_an_error_of_ours(
    client: TestClient, closed_operations: list[Operation], headers: dict[Role, dict[str, str]], role: Role
) -> None:
    asked = [operation for operation in closed_operations if operation.takes_ids]
    allowed = [operation for operation in asked if role in ALLOWED[operation.policies[0]]]
    replies = {operation.name: operation.send(client, headers[role]) for operation in allowed}
    assert len(replies) > 10
    assert {name: reply.status_code for name, reply in replies.items() if not is_refusal_or_empty(reply)} == {}
