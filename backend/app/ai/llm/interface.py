"""What the product asks of a language model, whoever provides it."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from app.domain.enums import LlmOutcome, LlmProvider

Answer = TypeVar("Answer", bound=BaseModel)

CHARACTERS_A_TOKEN: Final = 4
TOKENS_A_PICTURE: Final = 258
"""Cautious estimates where a provider does not count, or did not come to the point of counting."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. `tokens_out` is the visible answer; thinking is billed like it but counted apart."""

    tokens_in: int = 0
    tokens_out: int = 0
    tokens_thinking: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.tokens_thinking + other.tokens_thinking,
        )

    @property
    def total(self) -> int:
        return self.tokens_in + self.tokens_out + self.tokens_thinking


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """`name` is the template and its version; `max_tokens` bounds the answer, its thinking included."""

    name: str
    system: str
    messages: tuple[Message, ...]
    max_tokens: int = 4_096
    shows_thoughts: bool = False

    @property
    def characters(self) -> int:
        return len(self.system) + sum(len(message.text) for message in self.messages)


class Finish(StrEnum):
    STOP = "stop"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    usage: Usage
    finish: Finish = Finish.STOP


@dataclass(frozen=True, slots=True)
class Structured(Generic[Answer]):
    value: Answer
    usage: Usage


class PartKind(StrEnum):
    THOUGHT = "thought"
    TEXT = "text"
    USAGE = "usage"
    FINISH = "finish"


@dataclass(frozen=True, slots=True)
class StreamPart:
    """A thought or a text carries `text`, a usage `usage`, a finish `finish`; a whole stream ends with its finish."""

    kind: PartKind
    text: str = ""
    usage: Usage | None = None
    finish: Finish | None = None


class EmbeddingPurpose(StrEnum):
    """Some providers embed what is looked for and what is found differently."""

    DOCUMENT = "document"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class EmbeddingWish:
    """`dimension` shortens the vectors where the model can; None leaves its own."""

    model: str
    dimension: int | None = None
    purpose: EmbeddingPurpose = EmbeddingPurpose.DOCUMENT


@dataclass(frozen=True, slots=True)
class Embeddings:
    """One vector for each input, in the order of the inputs."""

    vectors: list[list[float]]
    usage: Usage


@dataclass(frozen=True, slots=True)
class Blob:
    data: bytes
    mime: str


class LlmError(Exception):
    """A call that gave no answer; the message is for administrators and names neither prompts nor keys."""

    outcome: ClassVar[LlmOutcome] = LlmOutcome.OVERLOADED
    is_retryable: ClassVar[bool] = False
    speaks_against_provider: ClassVar[bool] = True

    def __init__(self, message: str, *, retry_after_s: float | None = None, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.retry_after_s, self.usage = retry_after_s, usage or Usage()


class LlmAuthError(LlmError):
    """The provider does not accept the key, or its credit is used up."""

    outcome = LlmOutcome.AUTH


class LlmRateLimitedError(LlmError):
    """`retry_after_s` is the provider's own wish, if it stated one."""

    outcome = LlmOutcome.RATE_LIMITED
    is_retryable = True


class LlmOverloadedError(LlmError):
    """The provider is out of order, cannot be reached, or broke off."""

    is_retryable = True


class LlmTimeoutError(LlmError):
    outcome = LlmOutcome.TIMEOUT
    is_retryable = True


class LlmInvalidOutputError(LlmError):
    """The answer does not fit the schema, also after it was asked to repair it, or is none at all."""

    outcome = LlmOutcome.INVALID_OUTPUT
    speaks_against_provider = False


class LlmBlockedError(LlmError):
    """The provider's filters refused the prompt or the answer."""

    outcome = LlmOutcome.BLOCKED
    speaks_against_provider = False


class LlmRequestError(LlmError):
    """The provider refuses the request as it is: an unknown model, too long a text."""

    outcome = LlmOutcome.REFUSED
    speaks_against_provider = False


class LlmUnsupportedError(LlmError):
    """The provider has no such service, or is not configured."""

    outcome = LlmOutcome.UNSUPPORTED
    speaks_against_provider = False


class LanguageModel(Protocol):
    """One model of one provider. Each call is one try; repeating and failing over is the router's business.

    Every method raises a subclass of LlmError and nothing else.
    """

    provider: LlmProvider
    model: str

    def generate(self, prompt: Prompt) -> Reply: ...

    def generate_structured(self, prompt: Prompt, schema: type[Answer]) -> Structured[Answer]:
        """An instance of the schema; an answer that does not fit is sent back once for repair."""
        ...

    def stream(self, prompt: Prompt) -> AsyncGenerator[StreamPart, None]:
        """Closing the iterator ends the call at the provider."""
        ...

    def embed_texts(self, texts: Sequence[str], wish: EmbeddingWish, /) -> Embeddings: ...

    def embed_images(self, images: Sequence[Blob], wish: EmbeddingWish, /) -> Embeddings: ...

    def transcribe(self, audio: Blob, /) -> Reply: ...
