"""Passwords, access tokens and opaque tokens. The only module that knows python-jose and passlib."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, TypeVar, TypeVarTuple
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from cachetools import LRUCache
from jose import JWTError, jwt
from passlib.hash import argon2

from app.core.config import AuthSettings
from app.core.errors import UnauthenticatedError, UnavailableError
from app.domain.enums import Role
from app.domain.passwords import normalise_password
from app.utils.ids import new_id

ALGORITHM: Final = "HS256"
ISSUER: Final = "studium"
AUDIENCE: Final = "studium-api"
ACCESS: Final = "access"
MAX_PENDING_HASHES: Final = 100
MAX_VERIFIED_TOKENS: Final = 10_000
_REQUIRED = {f"require_{claim}": True for claim in ("exp", "iat", "sub", "jti", "iss", "aud")}

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says; whether the user may still act is checked against the database."""

    user_id: UUID
    role: Role
    token_version: int
    login_id: UUID
    must_change_password: bool = False


class Tokens:
    """Issues and verifies access tokens with one fixed algorithm.

    A token is the same in hundreds of requests, so what it says is kept beside the second of its expiry.
    """

    def __init__(self, secret: str, settings: AuthSettings) -> None:
        self._secret = secret
        self._refresh_key = hmac.new(secret.encode(), b"refresh-tokens", hashlib.sha256).digest()
        self._ttl = timedelta(seconds=settings.access_ttl_s)
        self._verified: LRUCache[str, tuple[AccessClaims, int]] = LRUCache(MAX_VERIFIED_TOKENS)
        self._lock = Lock()

    def issue(self, claims: AccessClaims, now: datetime) -> str:
        payload = {
            "sub": str(claims.user_id),
            "role": claims.role.value,
            "ver": claims.token_version,
            "sid": str(claims.login_id),
            "mcp": claims.must_change_password,
            "jti": str(new_id()),
            "iat": int(now.timestamp()),
            "exp": int((now + self._ttl).timestamp()),
            "iss": ISSUER,
            "aud": AUDIENCE,
            "typ": ACCESS,
        }
        token: str = jwt.encode(payload, self._secret, algorithm=ALGORITHM)
        return token

    def successor(self, refresh_token: str) -> str:
        """The refresh token that follows this one: however often it is asked for, a chain of logins has no forks.

        Only this server can tell it, and only from the token itself: what is stored are digests.
        """
        digest = hmac.new(self._refresh_key, refresh_token.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def verify(self, token: str) -> AccessClaims:
        """Raises UnauthenticatedError for anything but a complete, current access token of ours."""
        with self._lock:
            found = self._verified.get(token)
        if found is None or found[1] < time.time():
            found = self._decoded(token)
            with self._lock:
                self._verified[token] = found
        return found[0]

    def _decoded(self, token: str) -> tuple[AccessClaims, int]:
        """What the token says, and until when in seconds since 1970."""
        try:
            payload = jwt.decode(
                token, self._secret, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=_REQUIRED
            )
            if payload.get("typ") != ACCESS:
                raise UnauthenticatedError("This token cannot be used here.")
            user_id, login_id = UUID(payload["sub"]), UUID(payload["sid"])
            must_change = bool(payload.get("mcp", False))
            claims = AccessClaims(user_id, Role(payload["role"]), int(payload["ver"]), login_id, must_change)
            return claims, int(payload["exp"])
        except (JWTError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise UnauthenticatedError("The access token is invalid or has expired.") from error


class Passwords:
    """Argon2id with OWASP's parameters (19 MiB, t=2, p=1).

    A hash is tens of milliseconds of pure computing. The `_in_thread` variants run it in a few threads of their own, so
    that a wave of logins neither takes the threads that serve answers nor, by its memory, the machine.

    References:
        OWASP Password Storage Cheat Sheet; RFC 9106.
    """

    def __init__(self, concurrent: int) -> None:
        self._hasher = argon2.using(type="ID", memory_cost=19_456, rounds=2, parallelism=1)
        self._threads = CapacityLimiter(concurrent)
        self._pending = 0
        self._dummy: str = self._hasher.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        digest: str = self._hasher.hash(normalise_password(password))
        return digest

    def verify(self, password: str, digest: str | None) -> bool:
        """False for an unknown user too, after the same work, so that time tells nothing."""
        matches: bool = self._hasher.verify(normalise_password(password), digest or self._dummy)
        return matches and digest is not None

    async def hash_in_thread(self, password: str) -> str:
        return await self._run(self.hash, password)

    async def verify_in_thread(self, password: str, digest: str | None) -> bool:
        return await self._run(self.verify, password, digest)

    async def _run(self, work: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        if self._pending >= MAX_PENDING_HASHES:
            raise UnavailableError("Too many people are logging in just now.", headers={"Retry-After": "2"})
        self._pending += 1
        try:
            return await to_thread.run_sync(work, *arguments, limiter=self._threads)
        finally:
            self._pending -= 1


def new_opaque_token() -> str:
    return secrets.token_urlsafe(32)


def hash_opaque_token(token: str) -> str:
    """Only this digest is stored; a stolen table does not let anybody in."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_token(secret: str, login_id: UUID) -> str:
    """The value a browser must echo in a header; bound to the login so it cannot be planted."""
    return hmac.new(secret.encode(), f"csrf:{login_id}".encode(), hashlib.sha256).hexdigest()


def same_text(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode())
