"""Moving-window rate limits, shared through Redis and kept in the process while Redis is away."""

import math
import time

from limits import parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from app.core.config import RedisSettings
from app.core.errors import RateLimitedError
from app.core.logging import get_logger

log = get_logger(__name__)


class RateLimiter:
    def __init__(self, settings: RedisSettings) -> None:
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._shared = _shared_limiter(settings)

    def hit(self, rate: str, scope: str, subject: str) -> None:
        """Count one event of `subject`; raises RateLimitedError with Retry-After once the rate is used up."""
        limit = parse(rate)
        limiter = self._limiter()
        try:
            allowed = limiter.hit(limit, scope, subject)
        except StorageError:
            log.warning("rate_limit.degraded", scope=scope)
            limiter = self._local
            allowed = limiter.hit(limit, scope, subject)
        if not allowed:
            wait = max(1, math.ceil(limiter.get_window_stats(limit, scope, subject).reset_time - time.time()))
            raise RateLimitedError(f"Too many attempts. Try again in {wait} s.", headers={"Retry-After": str(wait)})

    def _limiter(self) -> MovingWindowRateLimiter:
        return self._shared or self._local


def _shared_limiter(settings: RedisSettings) -> MovingWindowRateLimiter | None:
    if not settings.url:
        return None
    storage = RedisStorage(
        settings.url,
        wrap_exceptions=True,
        socket_timeout=settings.timeout_s,
        socket_connect_timeout=settings.timeout_s,
    )
    return MovingWindowRateLimiter(storage)
