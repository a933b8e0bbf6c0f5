"""How many requests may talk to the database at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio.to_thread

from app.core.errors import UnavailableError


class Slots:
    """One for each connection of the pool; whoever waits longer than `patience_s` is told to come again."""

    def __init__(self, count: int, patience_s: float) -> None:
        self._free = asyncio.Semaphore(count)
        self._patience_s = patience_s
        self._ending = anyio.CapacityLimiter(count)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Raises UnavailableError after waiting in vain."""
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()
        try:
            yield
        finally:
            self._free.release()

    async def end(self, transaction: Callable[[], None]) -> None:
        """Run a commit or rollback in a thread that is kept for this.

        The threads of the endpoints may all be waiting in the database for the very lock that this will release.
        """
        await anyio.to_thread.run_sync(transaction, limiter=self._ending)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                await self._free.acquire()
        except TimeoutError as error:
            raise UnavailableError("Too much to do at the moment.", headers={"Retry-After": "1"}) from error
