import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ai.llm.interface import (
    LlmAuthError,
    LlmError,
    LlmInvalidOutputError,
    LlmOverloadedError,
    LlmRateLimitedError,
)
from app.ai.llm.resilience import CircuitBreaker, Patience


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(5, 30.0, clock)


def fail(breaker: CircuitBreaker, times: int, error: LlmError | None = None) -> None:
    for _ in range(times):
        breaker.check()
        breaker.record(error or LlmOverloadedError("down"))


def test_the_fifth_failure_in_a_row_opens_it(breaker: CircuitBreaker) -> None:
    fail(breaker, 4)
    assert not breaker.is_open
    fail(breaker, 1)
    assert breaker.is_open
    with pytest.raises(LlmOverloadedError) as caught:
        breaker.check()
    assert caught.value.retry_after_s == pytest.approx(30)


def test_a_success_between_failures_keeps_it_closed(breaker: CircuitBreaker) -> None:
    for _ in range(3):
        fail(breaker, 4)
        breaker.record(None)
    assert not breaker.is_open


def test_what_speaks_against_the_request_is_a_sign_of_life(breaker: CircuitBreaker) -> None:
    fail(breaker, 20, LlmInvalidOutputError("no JSON"))
    assert not breaker.is_open


def test_after_its_rest_one_call_decides(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 5)
    clock.now += 31
    breaker.check()
    with pytest.raises(LlmOverloadedError):
        breaker.check()
    breaker.record(LlmOverloadedError("still down"))
    assert breaker.is_open
    clock.now += 31
    breaker.check()
    breaker.record(None)
    fail(breaker, 4)
    assert not breaker.is_open


def test_it_rests_as_long_as_the_provider_wishes(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, 5, LlmRateLimitedError("later", retry_after_s=300))
    clock.now += 200
    assert breaker.is_open


@given(wish=st.floats(0, 20), seed=st.integers(0, 1000))
def test_a_provider_is_never_asked_before_it_wishes(wish: float, seed: int) -> None:
    patience = Patience(3, 20.0, rng=random.Random(seed))
    wait = patience.wait_after(LlmRateLimitedError("later", retry_after_s=wish), 1)
    assert wait is not None
    assert wish <= wait <= 1.1 * wish


@given(tries=st.integers(1, 9), seed=st.integers(0, 1000))
def test_waits_grow_with_jitter_within_bounds(tries: int, seed: int) -> None:
    wait = Patience(10, 20.0, rng=random.Random(seed)).wait_after(LlmOverloadedError("down"), tries)
    assert wait is not None
    assert min(20, 0.5 * 2**tries) / 2 <= wait <= min(20, 0.5 * 2**tries)


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        (LlmOverloadedError("down"), 3),
        (LlmRateLimitedError("much later", retry_after_s=21), 1),
        (LlmAuthError("no"), 1),
        (LlmInvalidOutputError("no JSON"), 1),
    ],
)
def test_there_are_ends_to_patience(error: LlmError, tries: int) -> None:
    assert Patience(3, 20.0).wait_after(error, tries) is None
