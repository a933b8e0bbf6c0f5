"""Who gets a connection, and when it is free again."""

import anyio
import pytest

from app.api.slots import Slots
from app.core.errors import UnavailableError

PATIENCE_S = 0.05


def test_a_step_finds_room_beside_any_number_of_other_requests() -> None:
    async def story() -> None:
        slots = Slots(2, PATIENCE_S)
        async with slots.one():
            with pytest.raises(UnavailableError) as refused:
                async with slots.one():
                    pass
            assert refused.value.headers["Retry-After"] == "1"
            async with slots.for_step():
                with pytest.raises(UnavailableError):
                    async with slots.for_step():
                        pass
        async with slots.for_step(), slots.for_step():
            pass

    anyio.run(story)


def test_a_slot_that_is_given_back_serves_others_until_it_is_taken_again() -> None:
    async def story() -> None:
        slots = Slots(1, PATIENCE_S)
        async with slots.one() as first:
            first.give_back()
            async with slots.one():
                with pytest.raises(UnavailableError):
                    await first.take()
            await first.take()
            with pytest.raises(UnavailableError):
                async with slots.for_step():
                    pass
        async with slots.one():
            pass

    anyio.run(story)


def test_giving_up_while_waiting_leaves_no_slot_taken() -> None:
    async def story() -> None:
        slots = Slots(2, PATIENCE_S)
        async with slots.for_step(), slots.for_step():
            with anyio.move_on_after(PATIENCE_S / 5):
                async with slots.one():
                    pass
        async with slots.one(), slots.for_step():
            pass

    anyio.run(story)
