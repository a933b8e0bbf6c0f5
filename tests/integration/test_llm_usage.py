"""Limits and records of the language models on PostgreSQL, over real HTTP to the stand-in."""

import asyncio
import dataclasses
import threading
from collections.abc import Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session, sessionmaker

from app.ai.llm.guarded import CallRecord
from app.ai.llm.interface import EmbeddingWish, Message, PartKind, Prompt, Usage
from app.core.errors import AppError, RateLimitedError
from app.core.resources import Resources
from app.domain.enums import LimitScope, LlmOutcome, LlmProvider, Role, UsageGroup, UsagePeriod
from app.domain.usage_limits import Allowance
from app.models import LlmUsage, UsageCounter
from app.repositories.llm_usage_repository import LlmUsageRepository
from app.repositories.usage_limit_repository import UsageLimitRepository
from app.services.llm_errors import (
    LlmBlockedError,
    LlmBudgetSpentError,
    LlmFailedError,
    LlmLimitReachedError,
    LlmNotConfiguredError,
    LlmPriceUnknownError,
    LlmUnavailableError,
)
from app.services.llm_gateway import LlmGateway
from app.services.llm_meter import Estimate, LlmMeter
from tests.conftest import make_settings
from tests.factories.language_models import MODEL, caller_of, llm_settings, with_llm
from tests.factories.users import make_user
from tests.standins.llm import LlmStandIn, Scenario
from tests.standins.llm.answers import TEXT

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
PROMPT = Prompt("test.v1", "Be brief.", (Message("user", "Say something to me."),), max_tokens=100)
ESTIMATE = Estimate(LlmProvider.GEMINI, MODEL, Usage(20, 80))


class Word(BaseModel):
    word: str


@pytest.fixture
def server() -> Iterator[LlmStandIn]:
    with LlmStandIn() as running:
        yield running


@pytest.fixture
def gateway(resources: Resources, sessions: sessionmaker[Session], server: LlmStandIn) -> LlmGateway:
    settings = llm_settings(server)
    opened = LlmGateway.of(with_llm(resources, server))
    return LlmGateway(opened.router, LlmMeter(sessions, settings), resources.limiter, lambda: NOW)


def rows(session: Session) -> list[LlmUsage]:
    return list(session.scalars(select(LlmUsage).order_by(LlmUsage.id)))


def counted(session: Session) -> dict[tuple[bool, str], tuple[int, Decimal]]:
    found = session.scalars(select(UsageCounter).execution_options(populate_existing=True))
    return {(row.user_id is None, row.period): (row.tokens, row.cost) for row in found}


def assert_counters_are_sums(session: Session) -> None:
    tokens = LlmUsage.tokens_in + LlmUsage.tokens_out + LlmUsage.tokens_thinking
    total = session.execute(select(func.coalesce(func.sum(tokens), 0), func.coalesce(func.sum(LlmUsage.cost), 0))).one()
    assert set(counted(session).values()) <= {(total[0], total[1])}


def test_a_call_is_recorded_with_its_tokens_and_cost(gateway: LlmGateway, session: Session) -> None:
    user = make_user(session)
    assert gateway.generate(caller_of(user), PROMPT).text == TEXT
    (row,) = rows(session)
    assert (row.user_id, row.role, row.flow, row.provider, row.model) == (
        user.id, "student", "explanation", "gemini", MODEL,
    )  # fmt: skip
    assert (row.tokens_in, row.tokens_out, row.tokens_thinking, row.tries) == (5, 5, 3, 1)
    assert (row.outcome, row.cost) == (LlmOutcome.SUCCEEDED, Decimal("0.021"))
    assert counted(session)[False, "day"] == (13, Decimal("0.021"))
    assert_counters_are_sums(session)


@pytest.mark.parametrize(
    ("scenario", "error", "outcome"),
    [
        (Scenario.ERROR, LlmUnavailableError, LlmOutcome.OVERLOADED),
        (Scenario.RATE_LIMITED_LONG, LlmUnavailableError, LlmOutcome.RATE_LIMITED),
        (Scenario.UNAUTHORIZED, LlmFailedError, LlmOutcome.AUTH),
        (Scenario.NOT_JSON, LlmFailedError, LlmOutcome.INVALID_OUTPUT),
        (Scenario.BLOCKED, LlmBlockedError, LlmOutcome.BLOCKED),
        (Scenario.CUT, LlmUnavailableError, LlmOutcome.OVERLOADED),
    ],
)
def test_a_failure_is_recorded_and_gives_the_reservation_back(
    gateway: LlmGateway, session: Session, server: LlmStandIn, scenario: Scenario, error: type[AppError],
    outcome: LlmOutcome,
) -> None:  # fmt: skip
    server.scenario = scenario
    with pytest.raises(error):
        gateway.ask(caller_of(make_user(session)), PROMPT, Word)
    assert [row.outcome for row in rows(session)] == [outcome]
    assert_counters_are_sums(session)


def test_a_wait_that_the_provider_wishes_is_passed_on(
    gateway: LlmGateway, session: Session, server: LlmStandIn
) -> None:
    server.scenario = Scenario.RATE_LIMITED_LONG
    with pytest.raises(LlmUnavailableError) as caught:
        gateway.generate(caller_of(make_user(session)), PROMPT)
    assert caught.value.headers["Retry-After"] == "3600"


def test_a_stream_is_recorded_also_when_nobody_reads_on(gateway: LlmGateway, session: Session) -> None:
    user = make_user(session)

    async def read(stop_at_once: bool) -> str:
        text = ""
        async with aclosing(gateway.stream(caller_of(user), PROMPT)) as parts:
            async for part in parts:
                text += part.text if part.kind is PartKind.TEXT else ""
                if stop_at_once:
                    break
        return text

    assert asyncio.run(read(stop_at_once=False)) == TEXT
    asyncio.run(read(stop_at_once=True))
    assert [row.outcome for row in rows(session)] == [LlmOutcome.SUCCEEDED, LlmOutcome.CANCELLED]
    assert_counters_are_sums(session)


def test_vectors_are_recorded_like_answers(gateway: LlmGateway, session: Session) -> None:
    made = gateway.embed_texts(caller_of(make_user(session)), LlmProvider.GEMINI, ["one", "two"], EmbeddingWish("e5"))
    assert len(made.vectors) == 2
    assert [row.model for row in rows(session)] == ["e5"]


def test_without_a_provider_nothing_is_reserved(resources: Resources, session: Session) -> None:
    with pytest.raises(LlmNotConfiguredError):
        LlmGateway.of(resources).generate(caller_of(make_user(session)), PROMPT)
    assert rows(session) == []


def test_the_day_of_a_person_ends_at_its_limit_and_begins_anew(
    sessions: sessionmaker[Session], session: Session, server: LlmStandIn
) -> None:
    meter, user = LlmMeter(sessions, llm_settings(server, student_day_tokens=150)), make_user(session)
    meter.reserve(caller_of(user), ESTIMATE, NOW)
    meter.reserve(caller_of(user), ESTIMATE, NOW)
    with pytest.raises(LlmLimitReachedError) as caught:
        meter.reserve(caller_of(user), ESTIMATE, NOW)
    assert caught.value.extra["resets_at"] == "2026-03-16T00:00:00+00:00"
    assert caught.value.headers["Retry-After"] == str(12 * 3600 + 1)
    meter.reserve(caller_of(make_user(session)), ESTIMATE, NOW)
    meter.reserve(caller_of(user), ESTIMATE, NOW + timedelta(days=1))
    assert counted(session)[True, "month"][0] == 400


def test_a_spent_budget_of_everybody_stops_everybody(
    sessions: sessionmaker[Session], session: Session, server: LlmStandIn
) -> None:
    UsageLimitRepository(session).put(LimitScope.ORGANISATION, Allowance(month_cost=Decimal("0.1")))
    meter = LlmMeter(sessions, llm_settings(server))
    meter.reserve(caller_of(make_user(session)), ESTIMATE, NOW)
    with pytest.raises(LlmBudgetSpentError) as caught:
        meter.reserve(caller_of(make_user(session, role=Role.ADMIN)), ESTIMATE, NOW)
    assert caught.value.extra["resets_at"] == "2026-04-01T00:00:00+00:00"


def test_the_nearest_statement_of_a_limit_holds(
    sessions: sessionmaker[Session], session: Session, server: LlmStandIn
) -> None:
    user, limits = make_user(session), UsageLimitRepository(session)
    limits.put(LimitScope.ROLE, Allowance(day_tokens=50, month_tokens=60), role=Role.STUDENT)
    limits.put(LimitScope.USER, Allowance(day_tokens=500), user_id=user.id)
    own, everybody = LlmMeter(sessions, llm_settings(server)).allowance(session, caller_of(user))
    assert (own.day_tokens, own.month_tokens, own.requests_per_minute) == (500, 60, 20)
    assert everybody.month_tokens == 100_000_000


def test_calls_of_a_person_are_limited_by_the_minute_and_work_in_the_background_is_not(
    gateway: LlmGateway, session: Session
) -> None:
    user = make_user(session)
    UsageLimitRepository(session).put(LimitScope.USER, Allowance(requests_per_minute=2), user_id=user.id)
    for _ in range(2):
        gateway.generate(caller_of(user), PROMPT)
    with pytest.raises(RateLimitedError):
        gateway.generate(caller_of(user), PROMPT)
    gateway.generate(caller_of(user, is_background=True), PROMPT)


def test_what_nobody_ended_is_closed_and_stays_counted(
    sessions: sessionmaker[Session], session: Session, server: LlmStandIn
) -> None:
    meter = LlmMeter(sessions, llm_settings(server))
    lost = meter.reserve(caller_of(make_user(session)), ESTIMATE, NOW)
    assert LlmUsageRepository(session).abandon_old(NOW + timedelta(minutes=59)) == 0
    assert LlmUsageRepository(session).abandon_old(NOW + timedelta(minutes=61)) == 1
    late = CallRecord(LlmProvider.GEMINI, MODEL, LlmOutcome.SUCCEEDED, Usage(1, 1), 1, 0.1)
    meter.settle(lost, [late])
    assert [row.outcome for row in rows(session)] == [LlmOutcome.ABANDONED]
    assert_counters_are_sums(session)


@pytest.mark.own_database
def test_a_burst_overspends_by_one_reservation_at_most(
    own_database_url: URL, server: LlmStandIn, tmp_path: Path
) -> None:
    opened = Resources.open(make_settings(own_database_url, tmp_path))
    with opened.sessions.begin() as session:
        user = make_user(session)
        UsageLimitRepository(session).put(LimitScope.ORGANISATION, Allowance(day_tokens=550))
    meter, allowed = LlmMeter(opened.sessions, llm_settings(server)), []

    def ask() -> None:
        for _ in range(5):
            try:
                allowed.append(meter.reserve(caller_of(user), ESTIMATE, NOW))
            except LlmLimitReachedError:
                return

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened.sessions() as session:
        assert counted(session)[True, UsagePeriod.DAY] == (600, Decimal("1.08"))
        assert len(allowed) == 6
        assert_counters_are_sums(session)
    opened.close()


def test_the_cost_of_an_unknown_model_is_unknown_and_its_tokens_count(
    sessions: sessionmaker[Session], session: Session, resources: Resources, server: LlmStandIn
) -> None:
    opened = dataclasses.replace(with_llm(resources, server, prices=()), sessions=sessions)
    gateway, user = LlmGateway.of(opened), make_user(session)
    gateway.generate(caller_of(user), PROMPT)
    (row,) = rows(session)
    assert (row.cost, row.tokens_in) == (None, 5)
    assert counted(session)[False, "day"] == (13, Decimal(0))
    (line,) = LlmUsageRepository(session).report(UsageGroup.MODEL, row.created_at, row.created_at + timedelta(1))
    assert (line.cost, line.unpriced_calls, line.calls) == (None, 1, 1)


@pytest.mark.parametrize("scope", [LimitScope.USER, LimitScope.ORGANISATION])
def test_a_budget_is_not_begun_upon_without_a_price(
    sessions: sessionmaker[Session], session: Session, server: LlmStandIn, scope: LimitScope
) -> None:
    user = make_user(session)
    limit = Allowance(month_cost=Decimal(1))
    UsageLimitRepository(session).put(scope, limit, user_id=user.id if scope is LimitScope.USER else None)
    with pytest.raises(LlmPriceUnknownError):
        LlmMeter(sessions, llm_settings(server, prices=())).reserve(caller_of(user), ESTIMATE, NOW)
    assert rows(session) == []
    LlmMeter(sessions, llm_settings(server)).reserve(caller_of(user), ESTIMATE, NOW)
