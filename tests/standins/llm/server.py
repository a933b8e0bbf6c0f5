"""A real HTTP server on the loopback address that speaks three providers' protocols and fails as it is told."""

import json
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.standins.llm.answers import Asked, default_text, instance_of
from tests.standins.llm.wires import Wire, vectors_of, wire_of

HOST = "127.0.0.1"
CHARACTERS_OF_GARBAGE = '{"candidates": [{"cont'


class Scenario(StrEnum):
    """How one request ends. Those of embeddings spoil the vectors; elsewhere they are `ok`."""

    OK = "ok"
    SLOW = "slow"
    RATE_LIMITED = "rate_limited"
    RATE_LIMITED_LONG = "rate_limited_long"
    ERROR = "error"
    OVERLOADED = "overloaded"
    UNAUTHORIZED = "unauthorized"
    BAD_REQUEST = "bad_request"
    CUT = "cut"
    GARBAGE = "garbage"
    NOT_JSON = "not_json"
    WRONG_SCHEMA = "wrong_schema"
    BLOCKED = "blocked"
    TRICKLE = "trickle"
    TOO_FEW_VECTORS = "too_few_vectors"
    NOT_FINITE = "not_finite"


STATUSES = {
    Scenario.RATE_LIMITED: (429, 0.05),
    Scenario.RATE_LIMITED_LONG: (429, 3600.0),
    Scenario.ERROR: (500, None),
    Scenario.OVERLOADED: (529, None),
    Scenario.UNAUTHORIZED: (401, None),
    Scenario.BAD_REQUEST: (400, None),
}
Answerer = Callable[[Asked], object]


class LlmStandIn:
    """`plan` says how the next requests end, one each; what comes after them ends as `scenario` says."""

    def __init__(self, port: int = 0, scenario: Scenario = Scenario.OK, slow_s: float = 0.5) -> None:
        self.scenario, self.slow_s = scenario, slow_s
        self.requests: list[Asked] = []
        self.answerer: Answerer | None = None
        self._plan: deque[Scenario] = deque()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((HOST, port), type("Handler", (_Handler,), {"standin": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve_forever(self) -> None:
        self._server.serve_forever()

    def plan(self, *scenarios: Scenario | str) -> None:
        with self._lock:
            self._plan.extend(map(Scenario, scenarios))

    def next_scenario(self, asked: Asked) -> Scenario:
        with self._lock:
            self.requests.append(asked)
            return self._plan.popleft() if self._plan else self.scenario

    def text_for(self, asked: Asked, scenario: Scenario) -> str:
        if scenario is Scenario.NOT_JSON:
            return "I would rather not write JSON."
        if scenario is Scenario.WRONG_SCHEMA:
            return json.dumps({"surprise": 1})
        said = self.answerer(asked) if self.answerer else None
        if said is None:
            said = instance_of(asked.schema, asked) if asked.schema else default_text(asked)
        return said if isinstance(said, str) else json.dumps(said)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    standin: LlmStandIn

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        path = self.path.partition("?")[0]
        if path == "/standin/plan":
            self.standin.plan(*json.loads(raw))
            self._send(200, {"planned": len(json.loads(raw))})
            return
        found = wire_of(path)
        if found is None:
            self._send(404, {"error": {"message": "No such path."}})
            return
        is_json = self.headers.get("content-type", "").startswith("application/json")
        body = json.loads(raw) if is_json else {}
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = replace(found[1].read(path, body), body=body, headers=headers)
        try:
            self._reply(found[1], asked, self.standin.next_scenario(asked))
        except (BrokenPipeError, ConnectionResetError):  # whoever asked has gone
            self.close_connection = True

    def _reply(self, wire: Wire, asked: Asked, scenario: Scenario) -> None:
        if scenario is Scenario.SLOW:
            time.sleep(self.standin.slow_s)
        if scenario in STATUSES:
            status, wait = STATUSES[scenario]
            self._send(status, wire.error(status, wait), {} if wait is None else {"retry-after": str(wait)})
        elif scenario is Scenario.GARBAGE:
            self._write(200, CHARACTERS_OF_GARBAGE.encode(), {})
        elif asked.kind == "embed":
            self._send(200, wire.vectors(_spoiled(vectors_of(asked), scenario)))
        elif scenario is Scenario.BLOCKED:
            self._blocked(wire, asked)
        elif asked.streams:
            self._stream(wire, asked, scenario)
        elif scenario is Scenario.CUT:
            self._cut(json.dumps(wire.answer(asked, "cut off")))
        elif scenario is Scenario.TRICKLE:
            self._trickle(json.dumps(wire.answer(asked, "late")))
        else:
            self._send(200, wire.answer(asked, self.standin.text_for(asked, scenario)))

    def _blocked(self, wire: Wire, asked: Asked) -> None:
        if asked.streams and asked.provider == "gemini":
            self._open_stream()
            self._chunk(f"data: {json.dumps(wire.blocked(asked))}\n\n")
            self._chunk("")
            return
        self._send(200, wire.blocked(asked))

    def _stream(self, wire: Wire, asked: Asked, scenario: Scenario) -> None:
        self._open_stream()
        for number, event in enumerate(wire.events(asked, self.standin.text_for(asked, scenario))):
            if scenario is Scenario.TRICKLE:
                time.sleep(self.standin.slow_s)
            if scenario is Scenario.CUT and number == wire.cut_before:
                self.close_connection = True
                return
            self._chunk(event)
        self._chunk("")

    def _open_stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _cut(self, text: str) -> None:
        self._write(200, text.encode()[:20], {"content-length": str(len(text))})
        self.close_connection = True

    def _trickle(self, text: str) -> None:
        self._write(200, b"", {"content-length": str(len(text))})
        for character in text:
            self.wfile.write(character.encode())
            self.wfile.flush()
            time.sleep(0.05)

    def _send(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._write(status, json.dumps(body).encode(), headers or {})

    def _write(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the base class
        """Tests read `requests` instead."""


def _spoiled(vectors: list[list[float]], scenario: Scenario) -> list[list[float]]:
    if scenario is Scenario.TOO_FEW_VECTORS:
        return vectors[:1]
    if scenario is Scenario.NOT_FINITE:
        return [[math.nan, *each[1:]] for each in vectors]
    return vectors
