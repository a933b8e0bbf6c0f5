"""OpenAI, and every server that speaks its protocol (OpenRouter, Ollama, vLLM, LM Studio)."""

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from app.ai.llm.failures import checked_embeddings, failure_of_transport, translated
from app.ai.llm.interface import (
    Answer,
    Blob,
    Embeddings,
    EmbeddingWish,
    Finish,
    LlmBlockedError,
    LlmInvalidOutputError,
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
from app.core.config import LlmSettings
from app.domain.enums import LlmProvider

if TYPE_CHECKING:
    from openai import AsyncOpenAI, OpenAI

# Some servers that need no key refuse a request without the header.
NO_KEY: Final = "none"
_FINISHES: Final = {"stop": Finish.STOP, "length": Finish.LENGTH}
_EXTENSIONS: Final = {"audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/wav": "wav", "audio/webm": "webm"}


class OpenAiClient:
    provider = LlmProvider.OPENAI

    def __init__(self, settings: LlmSettings) -> None:
        self._own = settings.openai
        self.model, self._http = self._own.model, Http(settings)

    def generate(self, prompt: Prompt) -> Reply:
        return self._complete(prompt, None)

    def generate_structured(self, prompt: Prompt, schema: type[Answer]) -> Structured[Answer]:
        return structured(self._complete, prompt, schema)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[StreamPart, None]:
        with _translated():
            answer = await self._async_sdk.chat.completions.create(
                **self._request(prompt), stream=True, stream_options={"include_usage": True}
            )
            usage, finish = Usage(), None
            async with answer:
                async for chunk in answer:
                    usage = _usage(chunk) or usage
                    for choice in chunk.choices:
                        finish = _finish(choice, usage) or finish
                        for part in _parts(choice.delta):
                            yield part
        if finish is None:
            raise failure_of_transport(ConnectionError("The stream was cut."))
        yield StreamPart(PartKind.USAGE, usage=usage)
        yield StreamPart(PartKind.FINISH, finish=finish)

    def embed_texts(self, texts: Sequence[str], wish: EmbeddingWish) -> Embeddings:
        from openai import omit

        with _translated():
            reply = self._sdk.embeddings.create(
                model=wish.model, input=list(texts), encoding_format="float", dimensions=wish.dimension or omit
            )
            usage = Usage(reply.usage.prompt_tokens if reply.usage else 0)
            ordered = sorted(reply.data, key=lambda entry: entry.index)
            return checked_embeddings([entry.embedding for entry in ordered], len(texts), usage)

    def embed_images(self, *_: object) -> Embeddings:
        raise LlmUnsupportedError("This provider embeds no images.")

    def transcribe(self, audio: Blob) -> Reply:
        if not self._own.transcription_model:
            raise LlmUnsupportedError("No model for transcription is set.")
        name = f"audio.{_EXTENSIONS.get(audio.mime, 'bin')}"
        with _translated():
            reply = self._sdk.audio.transcriptions.create(
                model=self._own.transcription_model, file=(name, audio.data, audio.mime)
            )
            return Reply(reply.text, Usage())

    @cached_property
    def _sdk(self) -> "OpenAI":
        from openai import OpenAI

        return OpenAI(http_client=self._http.sync, **self._connection())

    @cached_property
    def _async_sdk(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI

        return AsyncOpenAI(http_client=self._http.asynchronous, **self._connection())

    def _connection(self) -> dict[str, Any]:
        key = self._own.api_key.get_secret_value() or NO_KEY
        return {"api_key": key, "base_url": self._own.base_url or None, "max_retries": 0}

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        # OpenAI's reasoning models know the one name only, compatible servers often only the other.
        limit = "max_tokens" if self._own.base_url else "max_completion_tokens"
        system = {"role": "system", "content": prompt.system}
        spoken = [{"role": message.role, "content": message.text} for message in prompt.messages]
        return {"model": self.model, "messages": [system, *spoken], limit: prompt.max_tokens}

    def _complete(self, prompt: Prompt, schema: dict[str, Any] | None) -> Reply:
        request = self._request(prompt)
        if schema is not None:
            named = {"name": "answer", "schema": schema, "strict": True}
            request["response_format"] = {"type": "json_schema", "json_schema": named}
        with _translated():
            answer = self._sdk.chat.completions.create(**request)
            usage = _usage(answer) or Usage()
            if not answer.choices:
                raise LlmInvalidOutputError("The provider sent no answer.", usage=usage)
            choice = answer.choices[0]
            finish = _finish(choice, usage) or Finish.STOP
            if choice.message.refusal:
                raise LlmBlockedError("The model refused.", usage=usage)
            return Reply(choice.message.content or "", usage, finish)


def _usage(answer: Any) -> Usage | None:
    counted = answer.usage
    if counted is None:
        return None
    details = counted.completion_tokens_details
    thinking = (details.reasoning_tokens if details else None) or 0
    return Usage(counted.prompt_tokens, max(0, counted.completion_tokens - thinking), thinking)


def _finish(choice: Any, usage: Usage) -> Finish | None:
    if choice.finish_reason == "content_filter":
        raise LlmBlockedError("The provider's filter stopped the answer.", usage=usage)
    return _FINISHES.get(choice.finish_reason, Finish.STOP) if choice.finish_reason else None


def _parts(delta: Any) -> Iterator[StreamPart]:
    """Compatible servers show reasoning under one of two names that the protocol does not know."""
    extra = delta.model_extra or {}
    thought = extra.get("reasoning_content") or extra.get("reasoning")
    if isinstance(thought, str) and thought:
        yield StreamPart(PartKind.THOUGHT, thought)
    if delta.content:
        yield StreamPart(PartKind.TEXT, delta.content)


def _translated() -> AbstractContextManager[None]:
    from openai import APIStatusError, OpenAIError

    return translated(APIStatusError, OpenAIError)
