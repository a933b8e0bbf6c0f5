"""Files that leave as attachments, never shown by the browser in our origin."""

import asyncio
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import ExitStack, closing, contextmanager
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO, Final
from urllib.parse import quote
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from app.core.errors import NotFoundError, RateLimitedError
from app.core.logging import get_logger
from app.integrations.storage import FileMissingError, FileStore, chunks_of

log = get_logger(__name__)

Parts = Generator[bytes]

STALL_S: Final = 60.0
DOWNLOAD: Final[dict[str, Any]] = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    "description": "The file.",
}


class Download(StreamingResponse):
    """A stream that closes what it reads from as soon as it ends, whoever ends it.

    A client that takes nothing for `stall_s` has ended it too. `parts` may hold a file, never a connection: how fast
    they are asked for is up to the client.
    """

    def __init__(self, parts: Parts, mime: str, headers: Mapping[str, str], *, stall_s: float = STALL_S) -> None:
        super().__init__(_in_threads(parts), media_type=mime, headers=headers)
        self._parts, self._stall_s = parts, stall_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def patient(message: Message) -> None:
            async with asyncio.timeout(self._stall_s):
                await send(message)

        try:
            await super().__call__(scope, receive, patient)
        except TimeoutError:
            log.info("download.stalled")
        finally:
            self._parts.close()


async def _in_threads(parts: Parts) -> AsyncIterator[bytes]:
    while (part := await run_in_threadpool(next, parts, None)) is not None:
        yield part


def attachment(parts: Parts, filename: str, mime: str) -> Download:
    return Download(parts, mime, _headers(filename))


def whole_attachment(content: bytes, filename: str, mime: str) -> Response:
    return Response(content, media_type=mime, headers=_headers(filename))


def _headers(filename: str) -> dict[str, str]:
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }


def parts_of(stream: BinaryIO) -> Parts:
    """The rest of a stream, which is closed with the parts."""
    with stream:
        yield from chunks_of(stream)


def stored_parts(store: FileStore, sha256: str) -> Parts:
    """The content of a stored file; raises NotFoundError at once when it is lost."""
    try:
        return parts_of(store.open(sha256))
    except FileMissingError as error:
        raise NotFoundError("The file is lost.") from error


class DownloadRunningError(RateLimitedError):
    code = "download_running"


class Spool:
    """Takes what a download reads from the database before its first byte leaves.

    So nobody's network decides how long a transaction is. One file is written at a time, in a thread and with a
    connection beside those of the requests; a user has one file at a time, until they have taken it or gone.
    """

    def __init__(self) -> None:
        self._threads = CapacityLimiter(1)
        self._busy: set[UUID] = set()

    async def taken(self, user_id: UUID, parts: Parts) -> Parts:
        """The same bytes from an unnamed file. Raises DownloadRunningError."""
        if user_id in self._busy:
            detail = "You are downloading something already. Try again when it is done."
            raise DownloadRunningError(detail, headers={"Retry-After": "5"})
        kept = self._kept(user_id, parts)
        next(kept)
        with ExitStack() as undo:
            undo.callback(kept.close)
            await to_thread.run_sync(next, kept, limiter=self._threads)
            undo.pop_all()
        return kept

    def _kept(self, user_id: UUID, parts: Parts) -> Parts:
        """Marks the user, then writes the file, then reads it; ends the mark when it ends."""
        with self._marked(user_id), TemporaryFile() as file:
            yield b""
            with closing(parts):
                file.writelines(parts)
            file.seek(0)
            yield b""
            yield from chunks_of(file)

    @contextmanager
    def _marked(self, user_id: UUID) -> Generator[None]:
        self._busy.add(user_id)
        try:
            yield
        finally:
            self._busy.discard(user_id)


async def get_spool(request: Request) -> Spool:
    spool: Spool = request.app.state.spool
    return spool


SpoolDep = Annotated[Spool, Depends(get_spool)]
