"""How many requests may talk to the database at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.core.errors import UnavailableError

FOR_STEPS: Final = 1


class Slot:
    """One request's right to a connection, which it can give back before its end and take again."""

    def __init__(self, gates: tuple[asyncio.Semaphore, ...], patience_s: float) -> None:
        self._gates, self._patience_s = gates, patience_s
        self._passed: list[asyncio.Semaphore] = []

    async def take(self) -> None:
        """Raises UnavailableError after waiting in vain; taking what is held already changes nothing."""
        if self._passed:
            return
        if any(gate.locked() for gate in self._gates):
            await self._wait()
        else:
            await self._pass()

    def give_back(self) -> None:
        while self._passed:
            self._passed.pop().release()

    async def _pass(self) -> None:
        try:
            for gate in self._gates:
                await gate.acquire()
                self._passed.append(gate)
        except asyncio.CancelledError:
            self.give_back()
            raise

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                await self._pass()
        except TimeoutError as error:
            raise UnavailableError("Too much to do at the moment.", headers={"Retry-After": "1"}) from error


class Slots:
    """One for each connection of the pool; whoever waits longer than `patience_s` is told to come again.

    `one` leaves a slot to the steps of practice: however many other requests there are, an answer finds room.
    """

    def __init__(self, count: int, patience_s: float) -> None:
        self._all = asyncio.Semaphore(count)
        self._but_steps = asyncio.Semaphore(max(1, count - FOR_STEPS))
        self._patience_s = patience_s

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Slot]:
        """Raises UnavailableError after waiting in vain."""
        async with self._held((self._but_steps, self._all)) as slot:
            yield slot

    @asynccontextmanager
    async def for_step(self) -> AsyncIterator[Slot]:
        """As `one`, for a step of practice."""
        async with self._held((self._all,)) as slot:
            yield slot

    @asynccontextmanager
    async def _held(self, gates: tuple[asyncio.Semaphore, ...]) -> AsyncIterator[Slot]:
        slot = Slot(gates, self._patience_s)
        await slot.take()
        try:
            yield slot
        finally:
            slot.give_back()


async def get_slot(request: Request) -> AsyncIterator[Slot]:
    """The request's right to a connection.

    As many requests get one as there are connections, and there are more threads than that. The others wait here,
    holding neither: requests with locks that wait for threads, and threads that wait for their locks or connections,
    would stop each other.
    """
    slots: Slots = request.app.state.slots
    async with slots.one() as slot:
        yield slot


SlotDep = Annotated[Slot, Depends(get_slot, scope="function")]


class Turn:
    """A request's session and slot; while it does what needs neither, others may have both."""

    def __init__(self, session: Session, slot: Slot) -> None:
        self._session, self._slot = session, slot

    async def end(self) -> None:
        """Commit what is done so far and let others through."""
        if self._session.in_transaction():
            await run_in_threadpool(self._session.commit)
        self._slot.give_back()

    async def begin_again(self) -> None:
        """Raises UnavailableError after waiting in vain."""
        await self._slot.take()
