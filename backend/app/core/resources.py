"""What a process opens once and shares: the same for the API, the workers and the scripts."""

from dataclasses import dataclass
from typing import Self

import redis
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app.core.config import Settings
from app.core.database import make_engine, make_sessions
from app.core.jobs import Doorbell
from app.core.rate_limit import RateLimiter
from app.core.redis import make_redis
from app.core.second_factor import SecretBox
from app.core.security import Passwords, Tokens


@dataclass(frozen=True, slots=True)
class Resources:
    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    redis: redis.Redis | None
    limiter: RateLimiter
    tokens: Tokens
    passwords: Passwords
    second_factors: SecretBox
    doorbell: Doorbell

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Connects to nothing yet; every connection is made when it is first used."""
        engine = make_engine(settings.database)
        doorbell = Doorbell(settings.redis, settings.jobs)
        return cls(
            settings=settings,
            engine=engine,
            sessions=make_sessions(engine, doorbell),
            redis=make_redis(settings.redis),
            limiter=RateLimiter(settings.redis),
            tokens=Tokens(settings.secret_key.get_secret_value(), settings.auth),
            passwords=Passwords(settings.auth.concurrent_hashes),
            second_factors=SecretBox(settings.secret_key.get_secret_value()),
            doorbell=doorbell,
        )

    def close(self) -> None:
        self.engine.dispose()
        if self.redis is not None:
            self.redis.close()
