"""From the settings to the models that are asked, one after the other until one answers."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import cache
from typing import Final, TypeVar

from app.ai.llm.anthropic_client import AnthropicClient
from app.ai.llm.gemini_client import GeminiClient
from app.ai.llm.guarded import Costly, GuardedModel, Observe
from app.ai.llm.interface import (
    Answer,
    Blob,
    Embeddings,
    EmbeddingWish,
    LanguageModel,
    LlmBlockedError,
    LlmError,
    LlmUnsupportedError,
    Prompt,
    Reply,
    StreamPart,
    Structured,
)
from app.ai.llm.openai_client import OpenAiClient
from app.ai.llm.resilience import CircuitBreaker, Patience
from app.core.config import LlmSettings
from app.domain.enums import LlmProvider

Result = TypeVar("Result", bound=Costly)

_CLIENTS: Final[dict[LlmProvider, Callable[[LlmSettings], LanguageModel]]] = {
    LlmProvider.GEMINI: GeminiClient,
    LlmProvider.OPENAI: OpenAiClient,
    LlmProvider.ANTHROPIC: AnthropicClient,
}


class ModelRouter:
    """Asks the configured models in their order.

    A prompt that one provider's filters blocked is not shown to the next. Embeddings are made by the provider that is
    named and by no other: vectors of two models cannot be compared.
    """

    def __init__(self, models: Sequence[GuardedModel]) -> None:
        self.models = tuple(models)

    @property
    def is_configured(self) -> bool:
        return bool(self.models)

    def generate(self, prompt: Prompt, observe: Observe) -> Reply:
        return self._first(lambda model: model.generate(prompt), observe)

    def generate_structured(self, prompt: Prompt, schema: type[Answer], observe: Observe) -> Structured[Answer]:
        return self._first(lambda model: model.generate_structured(prompt, schema), observe)

    def transcribe(self, audio: Blob, observe: Observe) -> Reply:
        return self._first(lambda model: model.transcribe(audio), observe)

    async def stream(self, prompt: Prompt, observe: Observe) -> AsyncGenerator[StreamPart, None]:
        """The next model is asked only while nothing of the answer has been shown."""
        errors: list[LlmError] = []
        for guarded in self.models:
            has_shown = False
            try:
                async with aclosing(guarded.stream(prompt, observe)) as parts:
                    async for part in parts:
                        has_shown = True
                        yield part
            except LlmError as error:
                if has_shown or isinstance(error, LlmBlockedError):
                    raise
                errors.append(error)
            else:
                return
        raise most_telling(errors)

    def embed_texts(
        self, provider: LlmProvider, texts: Sequence[str], wish: EmbeddingWish, observe: Observe
    ) -> Embeddings:
        return self.of(provider).call(lambda model: model.embed_texts(texts, wish), observe, wish.model)

    def embed_images(
        self, provider: LlmProvider, images: Sequence[Blob], wish: EmbeddingWish, observe: Observe
    ) -> Embeddings:
        return self.of(provider).call(lambda model: model.embed_images(images, wish), observe, wish.model)

    def of(self, provider: LlmProvider) -> GuardedModel:
        """Raises LlmUnsupportedError when the provider is not configured."""
        for guarded in self.models:
            if guarded.model.provider is provider:
                return guarded
        raise LlmUnsupportedError(f"The provider {provider} is not configured.")

    def _first(self, work: Callable[[LanguageModel], Result], observe: Observe) -> Result:
        errors: list[LlmError] = []
        for guarded in self.models:
            try:
                return guarded.call(work, observe)
            except LlmBlockedError:
                raise
            except LlmError as error:
                errors.append(error)
        raise most_telling(errors)


def most_telling(errors: Sequence[LlmError]) -> LlmError:
    """The error to report when every model failed: one that passes, with the shortest wait, before one that stays."""
    if not errors:
        return LlmUnsupportedError("No provider is configured.")
    passing = [error for error in errors if error.is_retryable]
    known = [error for error in passing if error.retry_after_s is not None]
    return min(known, key=lambda error: error.retry_after_s or 0.0) if known else (passing or list(errors))[0]


@cache
def model_router(settings: LlmSettings) -> ModelRouter:
    """The one router of this process for these settings: breakers must see every call."""
    return ModelRouter(
        [_guarded(provider, settings) for provider in settings.order if settings.of(provider).is_configured]
    )


def _guarded(provider: LlmProvider, settings: LlmSettings) -> GuardedModel:
    breaker = CircuitBreaker(settings.breaker_failures, settings.breaker_rest_s)
    return GuardedModel(_CLIENTS[provider](settings), breaker, Patience.of(settings), settings.stream_timeout_s)
