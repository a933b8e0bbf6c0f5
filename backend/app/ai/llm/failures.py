"""From what a provider's library raises to our errors; what is common to the three of them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

import httpx2

from app.ai.llm.interface import (
    Embeddings,
    LlmAuthError,
    LlmError,
    LlmInvalidOutputError,
    LlmOverloadedError,
    LlmRateLimitedError,
    LlmRequestError,
    LlmTimeoutError,
    Usage,
)

SHOWN_MESSAGE: Final = 200
_CREDENTIAL: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PAYMENT_REQUIRED}
_LATE: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT}


@contextmanager
def translated(of_status: type[Exception], of_library: type[Exception]) -> Iterator[None]:
    """Raises LlmError instead of what a library raises that keeps status, message and reply in the same attributes."""
    try:
        yield
    except LlmError:
        raise
    except of_status as error:
        told: Any = error
        wait = retry_after_of(told.response.headers)
        raise failure_of_status(told.status_code, told.message, wait) from error
    except (of_library, httpx2.HTTPError, OSError, ValueError, AttributeError, TypeError) as error:
        raise failure_of_transport(error) from error


def failure_of_status(status: int, message: str, retry_after_s: float | None = None) -> LlmError:
    """The provider's own words are passed on only where they tell what is wrong with our request."""
    if status in _CREDENTIAL:
        return LlmAuthError(f"The provider refuses the key or its credit is used up (HTTP {status}).")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return LlmRateLimitedError("The provider's rate limit is reached (HTTP 429).", retry_after_s=retry_after_s)
    if status in _LATE:
        return LlmTimeoutError(f"The provider gave up waiting (HTTP {status}).")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return LlmOverloadedError(f"The provider is out of order (HTTP {status}).", retry_after_s=retry_after_s)
    return LlmRequestError(f"The provider refuses the request (HTTP {status}): {message[:SHOWN_MESSAGE]}")


def failure_of_transport(error: Exception) -> LlmError:
    """Of anything below the provider's protocol: sockets, time-outs, replies that are no JSON.

    Libraries wrap the transport's error, so the chain of causes is looked through.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, httpx2.TimeoutException | TimeoutError):
            return LlmTimeoutError("The provider did not answer in time.")
        if isinstance(cause, httpx2.TransportError | OSError):
            return LlmOverloadedError("The connection to the provider failed or broke off.")
        cause = cause.__cause__ or cause.__context__
    return LlmInvalidOutputError("The provider's reply is not what its protocol says.")


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Seconds by `retry-after-ms` or `retry-after`; dates, which no provider sends, are not read."""
    for name, unit in (("retry-after-ms", 1_000.0), ("retry-after", 1.0)):
        seconds = seconds_of(headers.get(name, ""), unit)
        if seconds is not None:
            return seconds
    return None


def seconds_of(text: str, unit: float = 1.0) -> float | None:
    try:
        seconds = float(text) / unit
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def checked_embeddings(vectors: Sequence[Sequence[float] | None], expected: int, usage: Usage) -> Embeddings:
    """Raises LlmInvalidOutputError unless there is one finite vector for each input, all of one length."""
    found = [list(vector or ()) for vector in vectors]
    if len(found) != expected:
        raise LlmInvalidOutputError(f"The provider sent {len(found)} vectors for {expected} inputs.", usage=usage)
    if len({len(vector) for vector in found}) > 1 or not all(found):
        raise LlmInvalidOutputError("The provider sent vectors of unlike or no length.", usage=usage)
    if not all(math.isfinite(value) for vector in found for value in vector):
        raise LlmInvalidOutputError("The provider sent a vector that is not finite.", usage=usage)
    return Embeddings(found, usage)
