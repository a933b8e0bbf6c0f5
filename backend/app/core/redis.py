"""The Redis connection. Redis is a doorbell and a cache: every caller must work when it is gone."""

import redis

from app.core.config import RedisSettings

RedisError = redis.RedisError


def make_redis(settings: RedisSettings) -> redis.Redis | None:
    """A client with short time-outs, or None when no Redis is configured."""
    if not settings.url:
        return None
    return redis.Redis.from_url(
        settings.url, socket_timeout=settings.timeout_s, socket_connect_timeout=settings.timeout_s
    )
