"""The one way from a use case to a language model: limits first, then the call, then its record."""

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from datetime import datetime
from typing import Self, TypeVar

import anyio
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from app.ai.llm.guarded import CallRecord, Observe
from app.ai.llm.interface import (
    CHARACTERS_A_TOKEN,
    TOKENS_A_PICTURE,
    Blob,
    Embeddings,
    EmbeddingWish,
    LlmError,
    Prompt,
    Reply,
    StreamPart,
    Usage,
)
from app.ai.llm.registry import ModelRouter, model_router
from app.core.clock import utc_now
from app.core.rate_limit import RateLimiter
from app.core.resources import Resources
from app.domain.enums import LlmProvider
from app.services.llm_errors import LlmNotConfiguredError, service_error
from app.services.llm_meter import Estimate, LlmCaller, LlmMeter, Reservation

Answer = TypeVar("Answer", bound=BaseModel)


class LlmGateway:
    """Opens short transactions of its own before and after a call, so nobody may call it from inside of one.

    Every method raises LlmNotConfiguredError, LlmLimitReachedError or LlmBudgetSpentError before anything is sent,
    and LlmUnavailableError, LlmFailedError or LlmBlockedError when no answer came.
    """

    def __init__(
        self, router: ModelRouter, meter: LlmMeter, limiter: RateLimiter, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.router, self.meter, self.settings = router, meter, meter.settings
        self._limiter, self._clock = limiter, clock

    @classmethod
    def of(cls, resources: Resources) -> Self:
        settings = resources.settings.llm
        return cls(model_router(settings), LlmMeter(resources.sessions, settings), resources.limiter)

    @property
    def is_configured(self) -> bool:
        return self.router.is_configured

    def generate(self, caller: LlmCaller, prompt: Prompt) -> Reply:
        with self._metered(caller, self._estimate(prompt)) as observe:
            return self.router.generate(prompt, observe)

    def ask(self, caller: LlmCaller, prompt: Prompt, schema: type[Answer]) -> Answer:
        """The answer as an instance of the schema."""
        with self._metered(caller, self._estimate(prompt)) as observe:
            return self.router.generate_structured(prompt, schema, observe).value

    async def stream(self, caller: LlmCaller, prompt: Prompt) -> AsyncGenerator[StreamPart, None]:
        """Closing it stops the provider; what was used until then is recorded."""
        records: list[CallRecord] = []
        reservation = await run_in_threadpool(self._reserve, caller, self._estimate(prompt))
        try:
            async with aclosing(self.router.stream(prompt, records.append)) as parts:
                async for part in parts:
                    yield part
        except LlmError as error:
            raise service_error(error) from error
        finally:
            # A cancelled stream is recorded too.
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(self.meter.settle, reservation, records)

    def transcribe(self, caller: LlmCaller, audio: Blob) -> str:
        with self._metered(caller, self._estimate_of(len(audio.data) // 1_000)) as observe:
            return self.router.transcribe(audio, observe).text

    def embed_texts(
        self, caller: LlmCaller, provider: LlmProvider, texts: Sequence[str], wish: EmbeddingWish
    ) -> Embeddings:
        tokens = sum(len(text) for text in texts) // CHARACTERS_A_TOKEN
        with self._metered(caller, Estimate(provider, wish.model, Usage(tokens))) as observe:
            return self.router.embed_texts(provider, texts, wish, observe)

    def embed_images(
        self, caller: LlmCaller, provider: LlmProvider, images: Sequence[Blob], wish: EmbeddingWish
    ) -> Embeddings:
        with self._metered(caller, Estimate(provider, wish.model, Usage(len(images) * TOKENS_A_PICTURE))) as observe:
            return self.router.embed_images(provider, images, wish, observe)

    @contextmanager
    def _metered(self, caller: LlmCaller, estimate: Estimate) -> Iterator[Observe]:
        reservation = self._reserve(caller, estimate)
        records: list[CallRecord] = []
        try:
            yield records.append
        except LlmError as error:
            raise service_error(error) from error
        finally:
            self.meter.settle(reservation, records)

    def _reserve(self, caller: LlmCaller, estimate: Estimate) -> Reservation:
        if not caller.is_background and caller.user_id is not None:
            with self.meter.sessions() as session:
                own, _ = self.meter.allowance(session, caller)
            self._limiter.hit(f"{own.requests_per_minute}/minute", "llm", str(caller.user_id))
        return self.meter.reserve(caller, estimate, self._clock())

    def _estimate(self, prompt: Prompt) -> Estimate:
        return self._estimate_of(prompt.characters // CHARACTERS_A_TOKEN, prompt.max_tokens)

    def _estimate_of(self, tokens_in: int, tokens_out: int = 0) -> Estimate:
        """Raises LlmNotConfiguredError when there is nobody to ask."""
        if not self.router.is_configured:
            raise LlmNotConfiguredError("No provider of language models is configured; everything else works.")
        first = self.router.models[0].model
        return Estimate(first.provider, first.model, Usage(tokens_in, tokens_out))
