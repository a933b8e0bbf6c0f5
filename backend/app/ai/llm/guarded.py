"""One model behind its breaker: tries again within bounds and reports how each call ended."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from app.ai.llm.interface import (
    CHARACTERS_A_TOKEN,
    LanguageModel,
    LlmError,
    LlmTimeoutError,
    PartKind,
    Prompt,
    StreamPart,
    Usage,
)
from app.ai.llm.resilience import CircuitBreaker, Patience
from app.domain.enums import LlmOutcome, LlmProvider


class Costly(Protocol):
    @property
    def usage(self) -> Usage: ...


Result = TypeVar("Result", bound=Costly)


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What became of a call at one provider, its repetitions included."""

    provider: LlmProvider
    model: str
    outcome: LlmOutcome
    usage: Usage
    tries: int
    latency_s: float
    message: str = ""


Observe = Callable[[CallRecord], None]


@dataclass(slots=True)
class _Call:
    """The course of one call; reported exactly once, when it has ended."""

    guarded: "GuardedModel"
    observe: Observe
    model: str
    started: float = field(default_factory=time.monotonic)
    tries: int = 0
    usage: Usage = field(default_factory=Usage)

    def begin_try(self) -> None:
        self.guarded.breaker.check()
        self.tries += 1

    def failed(self, error: LlmError) -> float:
        """Seconds to wait before the next try; raises the error when there is none."""
        self.guarded.breaker.record(error)
        self.usage += error.usage
        wait = self.guarded.patience.wait_after(error, self.tries)
        if wait is None or self.guarded.breaker.is_open:
            self.ended(error.outcome, str(error))
            raise error
        return wait

    def succeeded(self, usage: Usage) -> None:
        self.guarded.breaker.record(None)
        self.usage += usage
        self.ended(LlmOutcome.SUCCEEDED)

    def ended(self, outcome: LlmOutcome, message: str = "") -> None:
        latency_s = time.monotonic() - self.started
        provider = self.guarded.model.provider
        self.observe(CallRecord(provider, self.model, outcome, self.usage, self.tries, latency_s, message))


class GuardedModel:
    def __init__(
        self, model: LanguageModel, breaker: CircuitBreaker, patience: Patience, stream_timeout_s: float
    ) -> None:
        self.model, self.breaker, self.patience = model, breaker, patience
        self._stream_timeout_s = stream_timeout_s

    def call(self, work: Callable[[LanguageModel], Result], observe: Observe, model: str = "") -> Result:
        """Raises the LlmError of the last try; a call that an open breaker refused is none and is not reported."""
        call = _Call(self, observe, model or self.model.model)
        while True:
            call.begin_try()
            try:
                result = work(self.model)
            except LlmError as error:
                self.patience.sleep(call.failed(error))
                continue
            call.succeeded(result.usage)
            return result

    async def stream(self, prompt: Prompt, observe: Observe) -> AsyncGenerator[StreamPart, None]:
        """Tries again only while nothing has been shown."""
        call = _Call(self, observe, self.model.model)
        while True:
            call.begin_try()
            watch = _StreamWatch(call, prompt)
            try:
                async with aclosing(self._bounded(prompt)) as parts:
                    async for part in parts:
                        watch.saw(part)
                        yield part
                watch.finish()
            except LlmError as error:
                if watch.has_shown:
                    watch.break_off(error)
                    raise
                await asyncio.sleep(call.failed(error))
            else:
                return
            finally:
                watch.close()

    async def _bounded(self, prompt: Prompt) -> AsyncGenerator[StreamPart, None]:
        deadline = asyncio.get_running_loop().time() + self._stream_timeout_s
        async with aclosing(self.model.stream(prompt)) as parts:
            while True:
                try:
                    async with asyncio.timeout_at(deadline):
                        part = await anext(parts)
                except StopAsyncIteration:
                    return
                except TimeoutError as error:
                    raise LlmTimeoutError("The provider did not come to an end in time.") from error
                yield part


class _StreamWatch:
    """Sees what a stream shows, so that one that ends before its time is accounted for too."""

    def __init__(self, call: _Call, prompt: Prompt) -> None:
        self._call, self._prompt = call, prompt
        self._shown, self._usage, self._is_open = 0, Usage(), True
        self.has_shown = False

    def saw(self, part: StreamPart) -> None:
        self.has_shown = True
        self._shown += len(part.text)
        if part.kind is PartKind.USAGE and part.usage is not None:
            self._usage = part.usage

    def finish(self) -> None:
        self._is_open = False
        self._call.succeeded(self._usage)

    def break_off(self, error: LlmError) -> None:
        self._is_open = False
        self._call.guarded.breaker.record(error)
        self._call.usage += self._estimate()
        self._call.ended(error.outcome, str(error))

    def close(self) -> None:
        """What has neither finished nor failed by now was given up by whoever read it."""
        if self._is_open and self.has_shown:
            self._call.usage += self._estimate()
            self._call.ended(LlmOutcome.CANCELLED)

    def _estimate(self) -> Usage:
        counted = Usage(self._prompt.characters // CHARACTERS_A_TOKEN, self._shown // CHARACTERS_A_TOKEN)
        return self._usage if self._usage.total else counted
