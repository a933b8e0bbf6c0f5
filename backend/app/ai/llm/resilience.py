"""Repeating a call within bounds, and leaving a provider alone that keeps failing."""

import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from app.ai.llm.interface import LlmError, LlmOverloadedError
from app.core.config import LlmSettings

FIRST_WAIT_S: Final = 0.5


class CircuitBreaker:
    """Opens after so many failures in a row; after its rest it lets one call through, whose end decides.

    What speaks against the request and not against the provider counts as a sign of life.
    """

    def __init__(self, failures: int, rest_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._rest_s, self._clock = failures, rest_s, clock
        self._lock = threading.Lock()
        self._failures, self._open_until = 0, -math.inf

    @property
    def is_open(self) -> bool:
        return self._clock() < self._open_until

    def check(self) -> None:
        """Raises LlmOverloadedError while it is open; the call that is let through keeps others out until it ended."""
        with self._lock:
            left = self._open_until - self._clock()
            if left > 0:
                raise LlmOverloadedError("The provider failed again and again and is left alone.", retry_after_s=left)
            if self._failures >= self._limit:
                self._open_until = self._clock() + self._rest_s

    def record(self, error: LlmError | None) -> None:
        with self._lock:
            if error is None or not error.speaks_against_provider:
                self._failures, self._open_until = 0, -math.inf
                return
            self._failures += 1
            if self._failures >= self._limit:
                self._open_until = self._clock() + max(self._rest_s, error.retry_after_s or 0.0)


@dataclass(slots=True)
class Patience:
    """How often and how long to wait. A provider that wishes a longer wait than that is given up for now."""

    tries: int
    longest_wait_s: float
    sleep: Callable[[float], None] = time.sleep
    rng: random.Random = field(default_factory=random.SystemRandom)

    @classmethod
    def of(cls, settings: LlmSettings) -> "Patience":
        return cls(settings.tries, settings.longest_wait_s)

    def wait_after(self, error: LlmError, tries: int) -> float | None:
        """Seconds until the next try; None = no more tries."""
        if not error.is_retryable or tries >= self.tries:
            return None
        if error.retry_after_s is not None:
            wait = error.retry_after_s
            return wait + self.rng.uniform(0, 0.1 * wait) if wait <= self.longest_wait_s else None
        ceiling = min(self.longest_wait_s, FIRST_WAIT_S * 2.0**tries)
        return self.rng.uniform(ceiling / 2, ceiling)
