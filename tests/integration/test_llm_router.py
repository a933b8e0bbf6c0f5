"""Failing over and repeating, over real HTTP."""

import asyncio
import dataclasses
from collections.abc import Iterator
from contextlib import aclosing

import pytest
from pydantic import BaseModel, SecretStr

from app.ai.llm.guarded import CallRecord
from app.ai.llm.interface import (
    EmbeddingWish,
    LlmBlockedError,
    LlmError,
    LlmOverloadedError,
    LlmUnsupportedError,
    Message,
    PartKind,
    Prompt,
)
from app.ai.llm.registry import ModelRouter, model_router
from app.core.config import AnthropicSettings, GeminiSettings, LlmSettings, OpenAiSettings
from app.domain.enums import LlmOutcome, LlmProvider
from tests.standins.llm import LlmStandIn, Scenario
from tests.standins.llm.answers import TEXT

PROMPT = Prompt("test.v1", "Be brief.", (Message("user", "Say something."),))
KEY = SecretStr("only-for-the-suite")
ORDER = (LlmProvider.OPENAI, LlmProvider.ANTHROPIC)


class Word(BaseModel):
    word: str


@pytest.fixture
def server() -> Iterator[LlmStandIn]:
    with LlmStandIn() as running:
        yield running


@pytest.fixture
def router(server: LlmStandIn) -> ModelRouter:
    settings = LlmSettings(
        order=ORDER,
        openai=OpenAiSettings(base_url=f"{server.url}/v1"),
        anthropic=AnthropicSettings(api_key=KEY, base_url=server.url),
        breaker_failures=5,
        tries=3,
    )
    router = model_router(settings)
    for guarded in router.models:
        guarded.patience = dataclasses.replace(guarded.patience, sleep=lambda _: None)
    return router


@pytest.fixture
def records() -> list[CallRecord]:
    return []


def outcomes(records: list[CallRecord]) -> list[tuple[LlmProvider, LlmOutcome, int]]:
    return [(record.provider, record.outcome, record.tries) for record in records]


def test_what_passes_is_tried_again(router: ModelRouter, server: LlmStandIn, records: list[CallRecord]) -> None:
    server.plan(Scenario.RATE_LIMITED, Scenario.ERROR)
    assert router.generate(PROMPT, records.append).text == TEXT
    assert outcomes(records) == [(LlmProvider.OPENAI, LlmOutcome.SUCCEEDED, 3)]


def test_a_provider_that_stays_away_is_replaced(
    router: ModelRouter, server: LlmStandIn, records: list[CallRecord]
) -> None:
    server.plan(*[Scenario.ERROR] * 3)
    assert router.generate(PROMPT, records.append).text == TEXT
    assert outcomes(records) == [
        (LlmProvider.OPENAI, LlmOutcome.OVERLOADED, 3),
        (LlmProvider.ANTHROPIC, LlmOutcome.SUCCEEDED, 1),
    ]


def test_a_wish_for_a_long_pause_is_not_waited_for(
    router: ModelRouter, server: LlmStandIn, records: list[CallRecord]
) -> None:
    server.plan(Scenario.RATE_LIMITED_LONG)
    router.generate(PROMPT, records.append)
    assert outcomes(records)[0] == (LlmProvider.OPENAI, LlmOutcome.RATE_LIMITED, 1)


def test_an_open_breaker_saves_the_call(router: ModelRouter, server: LlmStandIn, records: list[CallRecord]) -> None:
    server.plan(*[Scenario.ERROR] * 3)
    router.generate(PROMPT, records.append)
    server.plan(*[Scenario.ERROR] * 2)
    router.generate(PROMPT, records.append)
    assert router.of(LlmProvider.OPENAI).breaker.is_open
    asked = len(server.requests)
    router.generate(PROMPT, records.append)
    assert [each.provider for each in server.requests[asked:]] == ["anthropic"]


def test_when_all_fail_the_soonest_return_is_told(
    router: ModelRouter, server: LlmStandIn, records: list[CallRecord]
) -> None:
    server.plan(Scenario.UNAUTHORIZED, Scenario.RATE_LIMITED_LONG)
    with pytest.raises(LlmError) as caught:
        router.generate(PROMPT, records.append)
    assert caught.value.outcome is LlmOutcome.RATE_LIMITED
    assert caught.value.retry_after_s == pytest.approx(3600)
    assert [record.outcome for record in records] == [LlmOutcome.AUTH, LlmOutcome.RATE_LIMITED]


def test_a_blocked_prompt_is_not_shown_to_the_next(
    router: ModelRouter, server: LlmStandIn, records: list[CallRecord]
) -> None:
    server.plan(Scenario.BLOCKED)
    with pytest.raises(LlmBlockedError):
        router.generate(PROMPT, records.append)
    assert len(server.requests) == 1


def test_garbage_costs_and_is_counted(router: ModelRouter, server: LlmStandIn, records: list[CallRecord]) -> None:
    server.plan(Scenario.NOT_JSON, Scenario.WRONG_SCHEMA)
    router.generate_structured(PROMPT, Word, records.append)
    assert records[0].outcome is LlmOutcome.INVALID_OUTPUT
    assert records[0].usage.total > 0


def test_a_stream_fails_over_only_before_it_shows_something(
    router: ModelRouter, server: LlmStandIn, records: list[CallRecord]
) -> None:
    async def read() -> str:
        return "".join(
            [part.text async for part in router.stream(PROMPT, records.append) if part.kind is PartKind.TEXT]
        )

    server.plan(Scenario.UNAUTHORIZED)
    assert asyncio.run(read()) == TEXT
    assert [record.provider for record in records] == list(ORDER)
    records.clear()
    server.plan(Scenario.CUT)
    with pytest.raises(LlmOverloadedError):
        asyncio.run(read())
    (record,) = records
    assert record.outcome is LlmOutcome.OVERLOADED
    assert record.usage.tokens_in > 0


def test_a_stream_that_nobody_reads_on_is_accounted_for(router: ModelRouter, records: list[CallRecord]) -> None:
    async def read_one() -> None:
        async with aclosing(router.stream(PROMPT, records.append)) as parts:
            await anext(parts)

    asyncio.run(read_one())
    assert [record.outcome for record in records] == [LlmOutcome.CANCELLED]
    assert records[0].usage.total > 0


def test_a_stream_without_an_end_is_ended(server: LlmStandIn, records: list[CallRecord]) -> None:
    gemini = GeminiSettings(api_key=KEY, base_url=server.url)
    settings = LlmSettings(order=(LlmProvider.GEMINI,), gemini=gemini, stream_timeout_s=0.7, tries=1)
    server.scenario, server.slow_s = Scenario.TRICKLE, 0.5

    async def read() -> None:
        async for _ in model_router(settings).stream(PROMPT, records.append):
            pass

    with pytest.raises(LlmError):
        asyncio.run(read())
    assert records[0].outcome is LlmOutcome.TIMEOUT


def test_vectors_come_from_the_named_provider_or_not_at_all(
    router: ModelRouter, server: LlmStandIn, records: list[CallRecord]
) -> None:
    made = router.embed_texts(LlmProvider.OPENAI, ["one"], EmbeddingWish("e5"), records.append)
    assert (len(made.vectors), records[0].model) == (1, "e5")
    server.plan(*[Scenario.ERROR] * 3)
    with pytest.raises(LlmOverloadedError):
        router.embed_texts(LlmProvider.OPENAI, ["one"], EmbeddingWish("e5"), records.append)
    with pytest.raises(LlmUnsupportedError):
        router.embed_texts(LlmProvider.GEMINI, ["one"], EmbeddingWish("e5"), records.append)


def test_without_a_provider_there_is_nobody_to_ask(records: list[CallRecord]) -> None:
    router = model_router(LlmSettings())
    assert not router.is_configured
    with pytest.raises(LlmUnsupportedError):
        router.generate(PROMPT, records.append)
