"""Whatever a client does, what its download holds is given up."""

import asyncio
from collections.abc import Generator, Iterator
from uuid import UUID

import anyio
import pytest
from starlette.types import Message

from app.api.downloads import Download, DownloadRunningError, Parts, Spool

ADA, GRACE = UUID(int=1), UUID(int=2)
SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}


class Source:
    """Endless bytes; knows whether they were closed."""

    def __init__(self) -> None:
        self.is_closed = False

    def parts(self) -> Parts:
        try:
            while True:
                yield b"x" * 1000
        finally:
            self.is_closed = True


async def present() -> Message:
    await asyncio.sleep(60)
    return {"type": "http.disconnect"}


async def gone() -> Message:
    await asyncio.sleep(0.05)
    return {"type": "http.disconnect"}


async def never(message: Message) -> None:
    if message["type"] == "http.response.body":
        await asyncio.sleep(60)


async def at_once(_: Message) -> None:
    await asyncio.sleep(0)


async def failing(message: Message) -> None:
    if message["type"] == "http.response.body":
        raise OSError("reset")


@pytest.mark.parametrize(("receive", "send"), [(present, never), (gone, at_once), (gone, never)])
def test_a_stream_that_ends_before_its_time_is_closed(receive, send) -> None:
    source = Source()
    download = Download(source.parts(), "text/csv", {}, stall_s=0.1)
    anyio.run(download, SCOPE, receive, send)
    assert source.is_closed


def test_a_connection_that_breaks_closes_the_stream() -> None:
    source = Source()
    with pytest.raises(OSError, match="reset"):
        anyio.run(Download(source.parts(), "text/csv", {}), SCOPE, present, failing)
    assert source.is_closed


def test_a_user_has_one_file_at_a_time() -> None:
    async def story() -> None:
        spool = Spool()
        first = await spool.taken(ADA, of(b"first"))
        with pytest.raises(DownloadRunningError):
            await spool.taken(ADA, of(b"second"))
        assert b"".join(await spool.taken(GRACE, of(b"other"))) == b"other"
        assert b"".join(first) == b"first"
        abandoned = await spool.taken(ADA, of(b"third"))
        abandoned.close()
        assert b"".join(await spool.taken(ADA, of(b"fourth"))) == b"fourth"

    anyio.run(story)


def test_a_file_that_cannot_be_written_frees_its_user() -> None:
    async def story() -> None:
        spool = Spool()
        with pytest.raises(LookupError):
            await spool.taken(ADA, broken())
        assert b"".join(await spool.taken(ADA, of(b"again"))) == b"again"

    anyio.run(story)


def of(*parts: bytes) -> Generator[bytes]:
    yield from parts


def broken() -> Iterator[bytes]:
    yield b"begun"
    raise LookupError
