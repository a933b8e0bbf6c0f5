"""How many requests may talk to the database at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.errors import UnavailableError


class Slots:
    """One for each connection of the pool; whoever waits longer than `patience_s` is told to come again."""

    def __init__(self, count: int, patience_s: float) -> None:
        self._free = asyncio.Semaphore(count)
        self._patience_s = patience_s

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

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                await self._free.acquire()
        except TimeoutError as error:
            raise UnavailableError("Too much to do at the moment.", headers={"Retry-After": "1"}) from error
