"""The HTTP clients under the providers' libraries: bounded in total, no redirects."""

import time
from collections.abc import Iterator
from functools import cached_property

import httpx2

from app.core.config import LlmSettings


class _BoundedStream(httpx2.SyncByteStream):
    """Ends a body that trickles in without ever being late for a single read."""

    def __init__(self, inner: httpx2.SyncByteStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("The body took too long.")
            yield chunk

    def close(self) -> None:
        self._inner.close()


class BoundedTransport(httpx2.HTTPTransport):
    """The library's own time-outs are those of single reads; this one holds for a whole reply."""

    def __init__(self, total_s: float, limits: httpx2.Limits) -> None:
        super().__init__(limits=limits)
        self._total_s = total_s

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        deadline = time.monotonic() + self._total_s
        response = super().handle_request(request)
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _BoundedStream(response.stream, deadline)
        return response


class Http:
    """The two clients of one provider, made when they are first needed.

    They keep no connection open: an answer takes seconds, a handshake does not, and a kept connection would belong to
    the event loop that opened it, or break off when the provider closes it meanwhile.
    """

    def __init__(self, settings: LlmSettings) -> None:
        self._total_s = settings.timeout_s
        self._timeouts = httpx2.Timeout(settings.timeout_s, connect=settings.connect_timeout_s)
        self._limits = httpx2.Limits(max_keepalive_connections=0)

    @cached_property
    def sync(self) -> httpx2.Client:
        transport = BoundedTransport(self._total_s, self._limits)
        return httpx2.Client(transport=transport, timeout=self._timeouts, follow_redirects=False)

    @cached_property
    def asynchronous(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(timeout=self._timeouts, limits=self._limits, follow_redirects=False)
