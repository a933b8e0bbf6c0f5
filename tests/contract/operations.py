"""Every operation of the application as it is served, with its declared policy and a well-formed request for it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from fastapi.testclient import TestClient
from httpx2 import Response

from app.api.deps import Admin, AnyUser, HotUser, Public, Staff

POLICIES = {
    Public.dependency: "public",
    HotUser.dependency: "user",
    AnyUser.dependency: "user",
    Staff.dependency: "staff",
    Admin.dependency: "admin",
}

Json = dict[str, Any]


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    context: RouteContext
    document: Json
    """The whole OpenAPI document; it says what a request looks like."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def policies(self) -> list[str]:
        asked = [dependency.dependency for dependency in self.context.dependencies]
        return [POLICIES[dependency] for dependency in asked if dependency in POLICIES]

    @property
    def described(self) -> Json:
        """Empty for what the document leaves out."""
        described: Json = self.document["paths"].get(self.path, {}).get(self.method.lower(), {})
        return described

    @property
    def takes_ids(self) -> bool:
        return "_id}" in self.path

    def send(
        self, client: TestClient, headers: Mapping[str, str] | None = None, ids: Mapping[str, str] | None = None
    ) -> Response:
        """A well-formed request; every parameter that `ids` does not name is an id that belongs to nothing."""
        known = ids or {}
        path = re.sub(r"{(\w+)}", lambda found: known.get(found[1]) or self._unknown(found[1]), self.path)
        query = {
            parameter["name"]: known.get(parameter["name"]) or self._example(parameter["schema"])
            for parameter in self.described.get("parameters", ())
            if parameter["in"] == "query" and parameter["required"]
        }
        return client.request(self.method, path, params=query, headers=headers, **self._body())

    def _unknown(self, parameter: str) -> str:
        return str(uuid4()) if parameter.endswith("_id") else "1"

    def _body(self) -> Json:
        content = self.described.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            return {"json": self._example(content["application/json"]["schema"])}
        return {"files": {"file": b"not a picture"}} if "multipart/form-data" in content else {}

    def _example(self, schema: Json) -> Any:
        """The smallest value that fits a schema."""
        if "$ref" in schema:
            return self._example(self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "examples" in schema:
            return schema["examples"][0]
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self._example(schema[choice][0])
        if "enum" in schema or "const" in schema:
            return schema.get("const", schema.get("enum", [None])[0])
        return self._plain_example(schema)

    def _plain_example(self, schema: Json) -> Any:
        match schema.get("type"):
            case "object":
                required = schema.get("required", ())
                return {name: self._example(schema["properties"][name]) for name in required}
            case "array":
                return [self._example(schema["items"]) for _ in range(schema.get("minItems", 0))]
            case "string":
                return str(uuid4()) if schema.get("format") == "uuid" else "a" * schema.get("minLength", 1)
            case "boolean":
                return True
            case _:
                return schema.get("minimum", 1)


def operations(app: FastAPI) -> Iterator[Operation]:
    document = app.openapi()
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            assert context.path is not None
            for method in sorted(context.methods or ()):
                yield Operation(method, context.path, context, document)
