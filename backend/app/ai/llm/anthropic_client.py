from collections.abc import AsyncGenerator, Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from app.ai.llm.failures import failure_of_transport, translated
from app.ai.llm.interface import (
    Answer,
    Embeddings,
    Finish,
    LlmBlockedError,
    LlmUnsupportedError,
    PartKind,
    Prompt,
    Reply,
    StreamPart,
    Structured,
    Usage,
)
from app.ai.llm.response_parser import structured
from app.ai.llm.transport import Http
from app.core.config import LlmSettings, Thinking
from app.domain.enums import LlmProvider

if TYPE_CHECKING:
    from anthropic import Anthropic, AsyncAnthropic

LEAST_BUDGET: Final = 1_024
_FINISHES: Final = {"max_tokens": Finish.LENGTH, "model_context_window_exceeded": Finish.LENGTH}


class AnthropicClient:
    provider = LlmProvider.ANTHROPIC

    def __init__(self, settings: LlmSettings) -> None:
        self._own = settings.anthropic
        self.model, self._http = self._own.model, Http(settings)

    def generate(self, prompt: Prompt) -> Reply:
        return self._complete(prompt, None)

    def generate_structured(self, prompt: Prompt, schema: type[Answer]) -> Structured[Answer]:
        return structured(self._complete, prompt, schema)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[StreamPart, None]:
        with _translated():
            answer = await self._async_sdk.messages.create(**self._request(prompt), stream=True)
            usage, finish, is_whole = Usage(), Finish.STOP, False
            async with answer:
                async for event in answer:
                    if event.type == "message_start":
                        usage = _usage(event.message.usage)
                    elif event.type == "content_block_delta":
                        for part in _parts(event.delta):
                            yield part
                    elif event.type == "message_delta":
                        usage = Usage(usage.tokens_in) + Usage(0, *_out(event.usage))
                        finish = _finish(event.delta.stop_reason, usage)
                    elif event.type == "message_stop":
                        is_whole = True
        if not is_whole:
            raise failure_of_transport(ConnectionError("The stream was cut."))
        yield StreamPart(PartKind.USAGE, usage=usage)
        yield StreamPart(PartKind.FINISH, finish=finish)

    def embed_texts(self, *_: object) -> Embeddings:
        raise LlmUnsupportedError("This provider embeds no texts.")

    def embed_images(self, *_: object) -> Embeddings:
        raise LlmUnsupportedError("This provider embeds no images.")

    def transcribe(self, *_: object) -> Reply:
        raise LlmUnsupportedError("This provider takes no audio.")

    @cached_property
    def _sdk(self) -> "Anthropic":
        from anthropic import Anthropic

        return Anthropic(http_client=self._http.sync, **self._connection())

    @cached_property
    def _async_sdk(self) -> "AsyncAnthropic":
        from anthropic import AsyncAnthropic

        return AsyncAnthropic(http_client=self._http.asynchronous, **self._connection())

    def _connection(self) -> dict[str, Any]:
        key = self._own.api_key.get_secret_value()
        return {"api_key": key, "base_url": self._own.base_url or None, "max_retries": 0}

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        spoken = [{"role": message.role, "content": message.text} for message in prompt.messages]
        request = {"model": self.model, "system": prompt.system, "messages": spoken, "max_tokens": prompt.max_tokens}
        if prompt.shows_thoughts and self._own.thinking is not Thinking.OFF:
            request["thinking"] = _thinking(self._own.thinking, prompt.max_tokens)
        return request

    def _complete(self, prompt: Prompt, schema: dict[str, Any] | None) -> Reply:
        request = self._request(prompt)
        if schema is not None:
            request["output_config"] = {"format": {"type": "json_schema", "schema": schema}}
        with _translated():
            answer = self._sdk.messages.create(**request)
            usage = _usage(answer.usage)
            finish = _finish(answer.stop_reason, usage)
            return Reply("".join(block.text for block in answer.content if block.type == "text"), usage, finish)


def _thinking(thinking: Thinking, max_tokens: int) -> dict[str, Any]:
    """A budget is at least 1,024 tokens and smaller than those of the answer; without room for it there is none."""
    if thinking is Thinking.ADAPTIVE:
        return {"type": "adaptive", "display": "summarized"}
    budget = max_tokens // 2
    return {"type": "enabled", "budget_tokens": budget} if budget >= LEAST_BUDGET else {"type": "disabled"}


def _usage(counted: Any) -> Usage:
    cached = (counted.cache_creation_input_tokens or 0) + (counted.cache_read_input_tokens or 0)
    return Usage(counted.input_tokens + cached, *_out(counted))


def _out(counted: Any) -> tuple[int, int]:
    """Visible and thinking tokens; the provider's total holds both."""
    details = counted.output_tokens_details
    thinking = (details.thinking_tokens if details else None) or 0
    return max(0, counted.output_tokens - thinking), thinking


def _finish(reason: str | None, usage: Usage) -> Finish:
    if reason == "refusal":
        raise LlmBlockedError("The model refused.", usage=usage)
    return _FINISHES.get(reason or "", Finish.STOP)


def _parts(delta: Any) -> Iterator[StreamPart]:
    if delta.type == "thinking_delta":
        yield StreamPart(PartKind.THOUGHT, delta.thinking)
    elif delta.type == "text_delta":
        yield StreamPart(PartKind.TEXT, delta.text)


def _translated() -> AbstractContextManager[None]:
    from anthropic import AnthropicError, APIStatusError

    return translated(APIStatusError, AnthropicError)
