from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from app.ai.llm.failures import (
    checked_embeddings,
    failure_of_status,
    failure_of_transport,
    retry_after_of,
    seconds_of,
)
from app.ai.llm.interface import (
    CHARACTERS_A_TOKEN,
    TOKENS_A_PICTURE,
    Answer,
    Blob,
    EmbeddingPurpose,
    Embeddings,
    EmbeddingWish,
    Finish,
    LlmBlockedError,
    LlmError,
    LlmInvalidOutputError,
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
    from google.genai import Client
    from google.genai.types import Content, EmbedContentConfig, GenerateContentConfig

API_VERSION: Final = "v1beta"
"""The stable version of the API knows neither system instructions nor schemas."""
TRANSCRIBE: Final = "Write down word for word what is said in the recording. Write nothing else."
_BLOCKED: Final = frozenset(
    {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "MODEL_ARMOR"}
)
_TASKS: Final = {EmbeddingPurpose.DOCUMENT: "RETRIEVAL_DOCUMENT", EmbeddingPurpose.QUERY: "RETRIEVAL_QUERY"}


class GeminiClient:
    provider = LlmProvider.GEMINI

    def __init__(self, settings: LlmSettings) -> None:
        self._settings, self._own = settings, settings.gemini
        self.model, self._http = self._own.model, Http(settings)

    def generate(self, prompt: Prompt) -> Reply:
        return self._complete(prompt, None)

    def generate_structured(self, prompt: Prompt, schema: type[Answer]) -> Structured[Answer]:
        return structured(self._complete, prompt, schema)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[StreamPart, None]:
        with _translated():
            answer = await self._sdk.aio.models.generate_content_stream(
                model=self.model, contents=_contents(prompt), config=_config(prompt, None)
            )
            usage, finish = Usage(), None
            async for chunk in answer:
                usage = _usage(chunk) or usage
                finish = _finish(chunk, usage) or finish
                for part in _parts(chunk):
                    yield part
        if finish is None:
            raise failure_of_transport(ConnectionError("The stream was cut."))
        yield StreamPart(PartKind.USAGE, usage=usage)
        yield StreamPart(PartKind.FINISH, finish=finish)

    def embed_texts(self, texts: Sequence[str], wish: EmbeddingWish) -> Embeddings:
        from google.genai.types import Content, Part

        # Of a plain list of texts some models make a single vector: each text is a content of its own.
        contents = [Content(parts=[Part(text=text)]) for text in texts]
        estimate = Usage(sum(map(len, texts)) // CHARACTERS_A_TOKEN)
        return self._embed(contents, _config_of_texts(wish), wish.model, estimate)

    def embed_images(self, images: Sequence[Blob], wish: EmbeddingWish) -> Embeddings:
        from google.genai.types import Content, EmbedContentConfig, Part

        parts = [Part.from_bytes(data=image.data, mime_type=image.mime) for image in images]
        config = EmbedContentConfig(output_dimensionality=wish.dimension)
        contents = [Content(parts=[part]) for part in parts]
        return self._embed(contents, config, wish.model, Usage(len(images) * TOKENS_A_PICTURE))

    def transcribe(self, audio: Blob) -> Reply:
        from google.genai.types import Content, Part

        parts = [Part.from_bytes(data=audio.data, mime_type=audio.mime), Part(text=TRANSCRIBE)]
        with _translated():
            answer = self._sdk.models.generate_content(
                model=self._own.transcription_model or self.model, contents=[Content(role="user", parts=parts)]
            )
            return _reply(answer)

    @cached_property
    def _sdk(self) -> "Client":
        from google.genai import Client
        from google.genai.types import HttpOptions

        options = HttpOptions(
            base_url=self._own.base_url or None,
            api_version=API_VERSION,
            timeout=int(self._settings.timeout_s * 1_000),
            httpx_client=self._http.sync,
            httpx_async_client=self._http.asynchronous,
        )
        return Client(api_key=self._own.api_key.get_secret_value(), http_options=options)

    def _complete(self, prompt: Prompt, schema: dict[str, Any] | None) -> Reply:
        with _translated():
            answer = self._sdk.models.generate_content(
                model=self.model, contents=_contents(prompt), config=_config(prompt, schema)
            )
            return _reply(answer)

    def _embed(
        self, contents: "list[Content]", config: "EmbedContentConfig", model: str, estimate: Usage
    ) -> Embeddings:
        """`estimate` is used where the reply counts no tokens, as those of older models do."""
        with _translated():
            reply = self._sdk.models.embed_content(model=model, contents=contents, config=config)
            vectors = [entry.values for entry in reply.embeddings or ()]
            counted = reply.usage_metadata.prompt_token_count if reply.usage_metadata else None
            return checked_embeddings(vectors, len(contents), Usage(counted) if counted else estimate)


def _config_of_texts(wish: EmbeddingWish) -> "EmbedContentConfig":
    from google.genai.types import EmbedContentConfig

    return EmbedContentConfig(task_type=_TASKS[wish.purpose], output_dimensionality=wish.dimension)


def _contents(prompt: Prompt) -> "list[Content]":
    from google.genai.types import Content, Part

    roles = {"user": "user", "assistant": "model"}
    return [Content(role=roles[message.role], parts=[Part(text=message.text)]) for message in prompt.messages]


def _config(prompt: Prompt, schema: dict[str, Any] | None) -> "GenerateContentConfig":
    from google.genai.types import AutomaticFunctionCallingConfig, GenerateContentConfig, ThinkingConfig

    return GenerateContentConfig(
        automatic_function_calling=AutomaticFunctionCallingConfig(disable=True),
        system_instruction=prompt.system,
        max_output_tokens=prompt.max_tokens,
        response_mime_type="application/json" if schema else None,
        response_json_schema=schema,
        thinking_config=ThinkingConfig(include_thoughts=True) if prompt.shows_thoughts else None,
    )


def _reply(answer: Any) -> Reply:
    usage = _usage(answer) or Usage()
    finish = _finish(answer, usage)
    if finish is None:
        raise LlmInvalidOutputError("The provider sent no answer.", usage=usage)
    text = "".join(part.text for part in _parts(answer) if part.kind is PartKind.TEXT)
    return Reply(text, usage, finish)


def _usage(answer: Any) -> Usage | None:
    counted = answer.usage_metadata
    if counted is None:
        return None
    return Usage(
        counted.prompt_token_count or 0, counted.candidates_token_count or 0, counted.thoughts_token_count or 0
    )


def _finish(answer: Any, usage: Usage) -> Finish | None:
    if answer.prompt_feedback is not None and answer.prompt_feedback.block_reason is not None:
        raise LlmBlockedError("The provider's filter refused the prompt.", usage=usage)
    reason = answer.candidates[0].finish_reason if answer.candidates else None
    if reason is None:
        return None
    if reason.value in _BLOCKED:
        raise LlmBlockedError("The provider's filter stopped the answer.", usage=usage)
    return Finish.LENGTH if reason.value == "MAX_TOKENS" else Finish.STOP


def _parts(answer: Any) -> Iterator[StreamPart]:
    candidate = answer.candidates[0] if answer.candidates else None
    for part in (candidate.content.parts or ()) if candidate and candidate.content else ():
        if part.text:
            yield StreamPart(PartKind.THOUGHT if part.thought else PartKind.TEXT, part.text)


@contextmanager
def _translated() -> Iterator[None]:
    import httpx2
    from google.genai.errors import APIError

    try:
        yield
    except LlmError:
        raise
    except APIError as error:
        raise failure_of_status(error.code or 0, error.message or "", _retry_after(error)) from error
    except (httpx2.HTTPError, OSError, ValueError, AttributeError, TypeError) as error:
        raise failure_of_transport(error) from error


def _retry_after(error: Any) -> float | None:
    """Stated as a header, or among the details of the error as `"retryDelay": "13s"`."""
    stated = retry_after_of(error.response.headers) if error.response is not None else None
    if stated is not None:
        return stated
    body = error.details.get("error") if isinstance(error.details, dict) else None
    details = body.get("details") if isinstance(body, dict) else None
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict) and isinstance(delay := detail.get("retryDelay"), str):
            return seconds_of(delay.removesuffix("s"))
    return None
