"""The providers' real libraries over real HTTP, against a server that speaks their protocols."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import replace

import pytest
from pydantic import BaseModel, Field, SecretStr

from app.ai.llm.anthropic_client import AnthropicClient
from app.ai.llm.gemini_client import GeminiClient
from app.ai.llm.interface import (
    Blob,
    EmbeddingPurpose,
    EmbeddingWish,
    Finish,
    LanguageModel,
    LlmAuthError,
    LlmBlockedError,
    LlmError,
    LlmInvalidOutputError,
    LlmOverloadedError,
    LlmRateLimitedError,
    LlmRequestError,
    LlmTimeoutError,
    LlmUnsupportedError,
    Message,
    PartKind,
    Prompt,
    StreamPart,
)
from app.ai.llm.openai_client import OpenAiClient
from app.core.config import AnthropicSettings, GeminiSettings, LlmSettings, OpenAiSettings, Thinking
from app.domain.enums import LlmProvider
from tests.conftest import ROOT
from tests.standins.llm import LlmStandIn, Scenario
from tests.standins.llm.answers import TEXT, THOUGHTS, TRANSCRIPT

KEY = SecretStr("only-for-the-suite")
PROMPT = Prompt("test.v1", "Be brief.", (Message("user", "Say <something>."),), shows_thoughts=True)
WISH = EmbeddingWish("embedder", 8)
CLIENTS: dict[LlmProvider, Callable[[LlmSettings], LanguageModel]] = {
    LlmProvider.GEMINI: GeminiClient,
    LlmProvider.OPENAI: OpenAiClient,
    LlmProvider.ANTHROPIC: AnthropicClient,
}


class Fruit(BaseModel):
    name: str = Field(min_length=2)
    pips: int


@pytest.fixture
def server() -> Iterator[LlmStandIn]:
    with LlmStandIn() as running:
        yield running


@pytest.fixture
def settings(server: LlmStandIn) -> LlmSettings:
    return settings_for(server.url)


def settings_for(url: str, **values: object) -> LlmSettings:
    return LlmSettings(
        gemini=GeminiSettings(api_key=KEY, base_url=url),
        openai=OpenAiSettings(api_key=KEY, base_url=f"{url}/v1"),
        anthropic=AnthropicSettings(api_key=KEY, base_url=url),
        **{"connect_timeout_s": 1.0, "timeout_s": 5.0, **values},
    )


@pytest.fixture(params=LlmProvider)
def provider(request: pytest.FixtureRequest) -> LlmProvider:
    return LlmProvider(request.param)


@pytest.fixture
def client(provider: LlmProvider, settings: LlmSettings) -> LanguageModel:
    return CLIENTS[provider](settings)


def collect(client: LanguageModel, prompt: Prompt = PROMPT) -> list[StreamPart]:
    async def read() -> list[StreamPart]:
        return [part async for part in client.stream(prompt)]

    return asyncio.run(read())


def test_an_answer_comes_with_its_tokens(client: LanguageModel, server: LlmStandIn) -> None:
    reply = client.generate(PROMPT)
    assert (reply.text, reply.finish) == (TEXT, Finish.STOP)
    assert (reply.usage.tokens_in, reply.usage.tokens_out, reply.usage.tokens_thinking) == (4, 5, 3)
    (asked,) = server.requests
    assert (asked.system, asked.text, asked.model) == ("Be brief.", "Say <something>.", client.model)


def test_the_key_travels_in_a_header_only(client: LanguageModel, server: LlmStandIn) -> None:
    client.generate(PROMPT)
    (asked,) = server.requests
    assert any(KEY.get_secret_value() in value for value in asked.headers.values())
    assert KEY.get_secret_value() not in str(asked.body)


def test_a_conversation_keeps_its_roles(client: LanguageModel, server: LlmStandIn) -> None:
    spoken = (Message("user", "One?"), Message("assistant", "One."), Message("user", "Two?"))
    client.generate(Prompt("test.v1", "Count.", spoken))
    assert server.requests[0].texts == ("One?", "One.", "Two?")


def test_a_schema_is_asked_for_and_read(client: LanguageModel, server: LlmStandIn) -> None:
    server.answerer = lambda _: {"name": "apple", "pips": 5}
    answer = client.generate_structured(PROMPT, Fruit)
    assert answer.value == Fruit(name="apple", pips=5)
    (asked,) = server.requests
    assert asked.schema is not None
    assert asked.schema["required"] == ["name", "pips"]


@pytest.mark.parametrize("first", [Scenario.NOT_JSON, Scenario.WRONG_SCHEMA])
def test_an_answer_that_does_not_fit_is_repaired_once(
    client: LanguageModel, server: LlmStandIn, first: Scenario
) -> None:
    server.answerer = lambda _: '```json\n{"name": "pear", "pips": 4}\n```'
    server.plan(first)
    answer = client.generate_structured(PROMPT, Fruit)
    assert answer.value.name == "pear"
    assert len(server.requests) == 2
    assert "does not fit" in server.requests[1].texts[-1]
    assert answer.usage.tokens_thinking == 6


def test_an_answer_that_never_fits_is_an_error_with_the_tokens_of_both_tries(
    client: LanguageModel, server: LlmStandIn
) -> None:
    server.answerer = lambda _: {"name": "x", "pips": 1}
    with pytest.raises(LlmInvalidOutputError, match="name") as caught:
        client.generate_structured(PROMPT, Fruit)
    assert caught.value.usage.tokens_thinking == 6
    assert len(server.requests) == 2


def test_a_stream_shows_thoughts_text_usage_and_its_end(client: LanguageModel) -> None:
    parts = collect(client)
    assert "".join(part.text for part in parts if part.kind is PartKind.THOUGHT) == THOUGHTS
    assert "".join(part.text for part in parts if part.kind is PartKind.TEXT) == TEXT
    assert [part.kind for part in parts[-2:]] == [PartKind.USAGE, PartKind.FINISH]
    assert parts[-2].usage is not None
    assert parts[-2].usage.tokens_out == 5


@pytest.mark.parametrize(
    ("thinking", "max_tokens", "sent"),
    [
        (Thinking.OFF, 4_096, None),
        (Thinking.ADAPTIVE, 100, {"type": "adaptive", "display": "summarized"}),
        (Thinking.BUDGETED, 4_096, {"type": "enabled", "budget_tokens": 2_048}),
        (Thinking.BUDGETED, 2_000, {"type": "disabled"}),
    ],
)
def test_anthropic_thinks_as_the_setting_says(
    server: LlmStandIn, thinking: Thinking, max_tokens: int, sent: dict[str, object] | None
) -> None:
    own = AnthropicSettings(api_key=KEY, base_url=server.url, thinking=thinking)
    client = AnthropicClient(LlmSettings(anthropic=own))
    client.generate(replace(PROMPT, max_tokens=max_tokens))
    assert server.requests[0].body.get("thinking") == sent


def test_a_cut_stream_is_no_whole_answer(client: LanguageModel, server: LlmStandIn) -> None:
    server.plan(Scenario.CUT)
    with pytest.raises(LlmOverloadedError):
        collect(client)


def test_a_stream_that_is_closed_early_raises_nothing(client: LanguageModel, server: LlmStandIn) -> None:
    async def read_one() -> StreamPart:
        async with aclosing(client.stream(PROMPT)) as parts:
            return await anext(parts)

    server.slow_s = 0.05
    server.plan(Scenario.TRICKLE)
    assert asyncio.run(read_one()).kind is PartKind.THOUGHT


@pytest.mark.parametrize(
    ("scenario", "error"),
    [
        (Scenario.RATE_LIMITED, LlmRateLimitedError),
        (Scenario.ERROR, LlmOverloadedError),
        (Scenario.OVERLOADED, LlmOverloadedError),
        (Scenario.UNAUTHORIZED, LlmAuthError),
        (Scenario.BAD_REQUEST, LlmRequestError),
        (Scenario.CUT, LlmOverloadedError),
        (Scenario.GARBAGE, LlmInvalidOutputError),
        (Scenario.BLOCKED, LlmBlockedError),
    ],
)
def test_each_way_to_fail_has_its_error(
    client: LanguageModel, server: LlmStandIn, scenario: Scenario, error: type[LlmError]
) -> None:
    server.plan(scenario)
    with pytest.raises(LlmError) as caught:
        client.generate(PROMPT)
    assert type(caught.value) is error
    assert KEY.get_secret_value() not in str(caught.value)
    assert len(server.requests) == 1, "a library repeated the call by itself"


@pytest.mark.parametrize("scenario", [Scenario.RATE_LIMITED, Scenario.ERROR, Scenario.UNAUTHORIZED])
def test_a_stream_that_does_not_begin_fails_alike(
    client: LanguageModel, server: LlmStandIn, scenario: Scenario
) -> None:
    server.plan(scenario)
    with pytest.raises(LlmError):
        collect(client)
    assert len(server.requests) == 1


def test_the_wish_to_be_asked_later_is_read(client: LanguageModel, server: LlmStandIn) -> None:
    server.plan(Scenario.RATE_LIMITED_LONG)
    with pytest.raises(LlmRateLimitedError) as caught:
        client.generate(PROMPT)
    assert caught.value.retry_after_s == pytest.approx(3600)


def test_a_silent_provider_is_given_up(provider: LlmProvider, server: LlmStandIn) -> None:
    server.plan(Scenario.SLOW)
    client = CLIENTS[provider](settings_for(server.url, timeout_s=0.2))
    with pytest.raises(LlmTimeoutError):
        client.generate(PROMPT)


def test_a_provider_that_trickles_is_given_up(provider: LlmProvider, server: LlmStandIn) -> None:
    server.plan(Scenario.TRICKLE)
    client = CLIENTS[provider](settings_for(server.url, timeout_s=0.4))
    with pytest.raises(LlmTimeoutError):
        client.generate(PROMPT)


def test_a_provider_that_is_not_there_is_overloaded(provider: LlmProvider) -> None:
    with LlmStandIn() as gone:
        url = gone.url
    client = CLIENTS[provider](settings_for(url))
    with pytest.raises(LlmOverloadedError):
        client.generate(PROMPT)


@pytest.mark.parametrize("provider", [LlmProvider.GEMINI, LlmProvider.OPENAI], indirect=True)
class TestEmbeddings:
    def test_each_text_has_a_vector_of_its_own(self, client: LanguageModel) -> None:
        made = client.embed_texts(["one", "two", "one"], WISH).vectors
        assert [len(vector) for vector in made] == [8, 8, 8]
        assert made[0] == made[2] != made[1]

    def test_the_model_that_joins_lists_of_texts_is_kept_from_it(self, client: LanguageModel) -> None:
        wish = EmbeddingWish("gemini-embedding-2", 8, EmbeddingPurpose.QUERY)
        assert len(client.embed_texts(["one", "two"], wish).vectors) == 2

    @pytest.mark.parametrize("scenario", [Scenario.TOO_FEW_VECTORS, Scenario.NOT_FINITE, Scenario.GARBAGE])
    def test_spoiled_vectors_are_refused(self, client: LanguageModel, server: LlmStandIn, scenario: Scenario) -> None:
        server.plan(scenario)
        with pytest.raises(LlmInvalidOutputError):
            client.embed_texts(["one", "two"], WISH)


def test_gemini_embeds_images_and_takes_audio(settings: LlmSettings) -> None:
    images = [Blob(b"one", "image/png"), Blob(b"two", "image/png")]
    client = GeminiClient(settings)
    assert len(client.embed_images(images, WISH).vectors) == 2
    assert client.transcribe(Blob(b"sound", "audio/mpeg")).text == TEXT


def test_openai_takes_audio(settings: LlmSettings) -> None:
    client = OpenAiClient(settings)
    assert client.transcribe(Blob(b"sound", "audio/mpeg")).text == TRANSCRIPT


def test_what_a_provider_does_not_offer_says_so(settings: LlmSettings) -> None:
    with pytest.raises(LlmUnsupportedError):
        AnthropicClient(settings).embed_texts(["one"], WISH)
    with pytest.raises(LlmUnsupportedError):
        OpenAiClient(settings).embed_images([Blob(b"one", "image/png")], WISH)


def test_no_library_of_a_provider_is_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, app.main, app.ai.llm.registry\n"
        "print([name for name in ('openai', 'anthropic', 'google.genai') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "backend")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"
