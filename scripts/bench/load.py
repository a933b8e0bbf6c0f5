"""Students who answer as fast as they can, over plain sockets: the client must not be what is measured."""

import asyncio
import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson

CREATED = 201
START_TRIES = 20


@dataclass(slots=True)
class LoadResult:
    """Latencies in milliseconds of the answers inside the measured time."""

    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0
    bytes_down: int = 0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class Client:
    """One keep-alive connection."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    async def connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    async def post(self, path: str, token: str, body: object) -> tuple[int, bytes]:
        payload = orjson.dumps(body)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self._host}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
        )
        self._writer.write(head.encode() + payload)
        return await self._reply()

    async def _reply(self) -> tuple[int, bytes]:
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        at = head.lower().index(b"content-length:")
        length = int(head[at + 15 : head.index(b"\r\n", at)])
        return status, await self._reader.readexactly(length)

    def close(self) -> None:
        self._writer.close()


@dataclass(frozen=True)
class Window:
    """When to measure; `mark` is called as the window opens and as it closes."""

    warm_up_s: float
    measured_s: float
    mark: Callable[[], None]


async def practise(
    ports: Sequence[int], tokens: Sequence[str], subject_id: str, *, clients: int, window: Window
) -> LoadResult:
    """`clients` connections; each lets its share of the students answer in turn, without think time."""
    began = time.perf_counter() + window.warm_up_s
    result = LoadResult(seconds=window.measured_s)
    loop = asyncio.get_running_loop()
    for delay in (window.warm_up_s, window.warm_up_s + window.measured_s):
        loop.call_later(delay, window.mark)
    shares = [list(tokens[at::clients]) for at in range(clients)]
    runs = [
        _student_loop(ports[at % len(ports)], share, subject_id, (began, began + window.measured_s), result)
        for at, share in enumerate(shares)
    ]
    await asyncio.gather(*runs)
    return result


async def _student_loop(
    port: int, tokens: list[str], subject_id: str, window: tuple[float, float], result: LoadResult
) -> None:
    client = Client("127.0.0.1", port)
    await client.connect()
    practices = [await _start(client, token, subject_id) for token in tokens]
    for number in itertools.count():
        student = number % len(tokens)
        if time.perf_counter() >= window[1]:
            break
        session_id, assignment_id, seed = practices[student]
        body = {
            "assignment_id": assignment_id,
            "client_key": f"{port}-{id(client)}-{number}",
            "elapsed_ms": 3000,
            "response": {"choice": f"option0{(number + seed) % 4}"},
        }
        sent = time.perf_counter()
        status, reply = await client.post(f"/api/v1/practice-sessions/{session_id}/answers", tokens[student], body)
        done = time.perf_counter()
        if status != CREATED:
            result.errors += 1
            practices[student] = await _start(client, tokens[student], subject_id)
            continue
        practices[student] = (session_id, orjson.loads(reply)["next"]["assignment_id"], seed)
        if window[0] <= done <= window[1]:
            result.latencies.append((done - sent) * 1000)
            result.bytes_down += len(reply)
    client.close()


async def _start(client: Client, token: str, subject_id: str) -> tuple[str, str, int]:
    for _ in range(START_TRIES):
        status, reply = await client.post("/api/v1/practice-sessions", token, {"subject_id": subject_id})
        if status == CREATED:
            practice = orjson.loads(reply)
            return practice["id"], practice["current"]["assignment_id"], len(token)
        await asyncio.sleep(0.5)
    raise RuntimeError(f"cannot start a session: {status} {reply[:300]!r}")
