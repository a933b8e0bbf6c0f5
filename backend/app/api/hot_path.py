"""One step of practice as a request: nothing around it that costs more than it does."""

import asyncio
import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from app.api.deps import NowDep, get_claims
from app.api.slots import Slots
from app.core.resources import Resources
from app.core.security import AccessClaims
from app.schemas.practice import StepRead
from app.services.practice_caches import PracticeCaches
from app.services.practice_steps import PracticeSteps

LIGHTEST: Final = 1

Step = Callable[[PracticeSteps, datetime], StepRead]


class HotPath:
    """The student's claims, and the way to make a step.

    The step, its commit and the rendering of its reply share one thread: every change of threads, and every dependency
    that must be entered and left, would take longer than the choice of the next question.
    """

    def __init__(self, request: Request, claims: AccessClaims, now: datetime) -> None:
        self.claims, self._now = claims, now
        self._takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
        self._resources: Resources = request.app.state.resources
        self._caches: PracticeCaches = request.app.state.caches
        self._slots: Slots = request.app.state.slots
        self._threads: ThreadPoolExecutor = request.app.state.step_threads

    async def make(self, step: Step) -> Response:
        """The reply to the step, which is committed by then."""
        loop = asyncio.get_running_loop()
        async with self._slots.for_step():
            return await loop.run_in_executor(self._threads, copy_context().run, self._made, step)

    def _made(self, step: Step) -> Response:
        resources, caches = self._resources, self._caches
        with resources.sessions.begin() as session:
            steps = PracticeSteps(session, caches.pools, caches.questions, resources.settings.practice)
            reply = step(steps, self._now)
        return self._rendered(reply)

    def _rendered(self, reply: StepRead) -> Response:
        """Halved for a phone that can unpack it; the lightest packing costs the least time here."""
        body, headers = reply.model_dump_json().encode(), {"Vary": "Accept-Encoding"}
        if self._takes_gzip:
            body, headers["Content-Encoding"] = gzip.compress(body, LIGHTEST, mtime=0), "gzip"
        return Response(body, HTTPStatus.CREATED, headers, media_type="application/json")


async def get_hot_path(request: Request, now: NowDep) -> HotPath:
    return HotPath(request, await get_claims(request, request.app.state.resources), now)


HotPathDep = Annotated[HotPath, Depends(get_hot_path)]
