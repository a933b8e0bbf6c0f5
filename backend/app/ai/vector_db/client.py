"""The one Chroma server: opened late, with bounded times, and never trusted to be there."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx
    from chromadb.api import ClientAPI

T = TypeVar("T")

UNKNOWN: Final = 404


class VectorIndexError(ConnectionError):
    """The server is away, or refused what was sent. Work is tried again later, searches go on without vectors."""


class CollectionMissingError(VectorIndexError):
    """The server has no such collection (any more)."""


class ChromaClient:
    """Opens its connection at the first use; safe for threads.

    Args:
        url: Of the server, which only our own processes reach.
        timeout_s: For one request, connecting included.
    """

    def __init__(self, url: str, timeout_s: float) -> None:
        self._url, self._timeout_s = url, timeout_s
        self._client: ClientAPI | None = None
        self._lock = threading.Lock()

    def call(self, request: Callable[["ClientAPI"], T]) -> T:
        """Run a request.

        Raises:
            CollectionMissingError: What it asks for does not exist.
            VectorIndexError: The server cannot be reached or answers with an error.
        """
        with _translated():
            return request(self._opened())

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                for session in _sessions(self._client):
                    session.close()
                self._client = None

    def _opened(self) -> "ClientAPI":
        with self._lock:
            if self._client is None:
                self._client = _connect(self._url, self._timeout_s)
            return self._client


def _connect(url: str, timeout_s: float) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    client = chromadb.HttpClient(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or (443 if is_secure else 8000),
        ssl=is_secure,
        settings=Settings(anonymized_telemetry=False),
    )
    for session in _sessions(client):
        session.timeout = timeout_s  # there is no setting for it, and none would mean to wait for ever
    return client


def _sessions(client: "ClientAPI") -> list["httpx.Client"]:
    """The connections that the client keeps; its own `close` leaves them open."""
    parts: tuple[Any, ...] = (client, client._admin_client)  # type: ignore[attr-defined]  # noqa: SLF001
    return [part._server._session for part in parts]  # noqa: SLF001


@contextmanager
def _translated() -> Iterator[None]:
    import httpx
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except NotFoundError as error:
        raise CollectionMissingError("no such collection") from error
    except (ChromaError, httpx.HTTPError) as error:
        raise VectorIndexError(f"Chroma: {type(error).__name__}") from error
    except ValueError as error:
        # The client raises it when it cannot connect at all.
        if "connect" not in str(error).lower():
            raise
        raise VectorIndexError("Chroma: no connection") from error
