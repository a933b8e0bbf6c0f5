"""The desk where the pictures of uploads are made anew, one after the other."""

import asyncio
from typing import Annotated, Final

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from app.api.slots import Slot
from app.services.picture_upload import Wish, picture_made
from app.utils.images import CleanImage

PATIENCE_S: Final = 10.0


class PictureDesk:
    """One picture at a time, as a large one takes a core and hundreds of megabytes.

    It has a thread beside those of the requests, and who waits for it holds none: pictures keep nobody else waiting.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self.gate = asyncio.Semaphore(1)
        self._threads = CapacityLimiter(1)
        self._patience_s = patience_s

    async def make(self, wish: Wish, data: bytes) -> CleanImage:
        """Raises ImageError, and UnavailableError after waiting in vain."""
        slot = Slot((self.gate,), self._patience_s)
        await slot.take()
        try:
            return await to_thread.run_sync(picture_made, wish, data, limiter=self._threads)
        finally:
            slot.give_back()


async def get_picture_desk(request: Request) -> PictureDesk:
    desk: PictureDesk = request.app.state.pictures
    return desk


PictureDeskDep = Annotated[PictureDesk, Depends(get_picture_desk)]
