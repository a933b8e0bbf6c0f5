import base64
import hashlib
import hmac
import json
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import anyio
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwt

from app.core.config import AuthSettings
from app.core.errors import UnauthenticatedError, UnavailableError
from app.core.security import MAX_PENDING_HASHES, AccessClaims, Passwords, Tokens, csrf_token
from app.domain.enums import Role
from app.utils.ids import new_id

SECRET = "unit-secret-0123456789-abcdefghijklmnopqrstuvwxyz"
CLAIMS = AccessClaims(UUID(int=1), Role.STUDENT, 3, UUID(int=2))


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(SECRET, AuthSettings())


def payload(**changes: object) -> dict[str, object]:
    complete = jwt.get_unverified_claims(Tokens(SECRET, AuthSettings()).issue(CLAIMS, datetime.now(UTC)))
    return {name: value for name, value in {**complete, **changes}.items() if value is not None}


def signed(content: dict[str, object], *, secret: str = SECRET, algorithm: str = "HS256") -> str:
    token: str = jwt.encode(content, secret, algorithm=algorithm)
    return token


def by_hand(header: dict[str, str], content: dict[str, object], secret: bytes | None) -> str:
    """A token that no library of good manners would make."""

    def encoded(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    signing_input = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(content).encode())}"
    signature = b"" if secret is None else hmac.new(secret, signing_input.encode(), hashlib.sha256).digest()
    return f"{signing_input}.{encoded(signature)}"


def test_an_issued_token_is_accepted(tokens: Tokens) -> None:
    assert tokens.verify(tokens.issue(CLAIMS, datetime.now(UTC))) == CLAIMS
    assert tokens.verify(signed(payload())) == CLAIMS


def public_key() -> rsa.RSAPublicKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()


@pytest.mark.parametrize("encoding", [serialization.Encoding.PEM, serialization.Encoding.DER])
def test_a_public_key_is_no_shared_secret(tokens: Tokens, encoding: serialization.Encoding) -> None:
    key = public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(UnauthenticatedError):
        tokens.verify(by_hand({"alg": "HS256", "typ": "JWT"}, payload(), key))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "RS256", "HS384", "ES256"])
def test_only_one_algorithm_is_accepted(tokens: Tokens, algorithm: str) -> None:
    for secret in (None, SECRET.encode()):
        with pytest.raises(UnauthenticatedError):
            tokens.verify(by_hand({"alg": algorithm, "typ": "JWT"}, payload(), secret))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_a_stronger_algorithm_with_our_secret_is_refused_too(tokens: Tokens, algorithm: str) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(signed(payload(), algorithm=algorithm))


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "jti", "iss", "aud", "typ", "ver", "sid", "role"])
def test_every_claim_is_required(tokens: Tokens, claim: str) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(signed(payload(**{claim: None})))


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "refresh"},
        {"iss": "somebody"},
        {"aud": "somewhere"},
        {"role": "root"},
        {"sub": "not-an-id"},
        {"sid": 7},
        {"ver": "three"},
        {"ver": [3]},
        {"exp": int((datetime.now(UTC) - timedelta(seconds=5)).timestamp())},
        {"exp": "never"},
        {"nbf": int((datetime.now(UTC) + timedelta(hours=1)).timestamp())},
    ],
)
def test_wrong_claims_are_refused(tokens: Tokens, changes: dict[str, object]) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(signed(payload(**changes)))


def test_a_token_ends_with_its_time(tokens: Tokens) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(tokens.issue(CLAIMS, datetime.now(UTC) - timedelta(seconds=AuthSettings().access_ttl_s + 1)))


def test_a_token_that_was_accepted_before_ends_with_its_time_too(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, now = Tokens(SECRET, AuthSettings()), datetime.now(UTC)
    token = tokens.issue(CLAIMS, now)
    assert tokens.verify(token) == CLAIMS
    later = now + timedelta(seconds=AuthSettings().access_ttl_s + 1)
    monkeypatch.setattr("app.core.security.time.time", later.timestamp)
    monkeypatch.setattr("jose.jwt.datetime", type("Later", (datetime,), {"now": classmethod(lambda *_, **__: later)}))
    with pytest.raises(UnauthenticatedError):
        tokens.verify(token)


def test_tampering_and_foreign_secrets_are_noticed(tokens: Tokens) -> None:
    head, body, signature = tokens.issue(CLAIMS, datetime.now(UTC)).split(".")
    _, other_body, _ = signed(payload(role="admin")).split(".")
    for forged in (
        f"{head}.{other_body}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}",
        signed(payload(), secret="x" * 48),
    ):
        with pytest.raises(UnauthenticatedError):
            tokens.verify(forged)


@pytest.mark.parametrize(
    "garbage", ["", ".", "..", "a.b.c", "é.é.é", "\ud800", "x" * 100_000, "e30.W10.", "bnVsbA.bnVsbA.bnVsbA"]
)
def test_garbage_is_refused_not_a_crash(tokens: Tokens, garbage: str) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(garbage)


def test_passwords_match_in_any_normal_form() -> None:
    passwords = Passwords(1)
    digest = passwords.hash("cafe\u0301 zu dritt")
    assert digest.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify("café zu dritt", digest)
    assert not passwords.verify("cafe zu dritt", digest)
    assert not passwords.verify("café zu dritt", None)


def test_hashes_share_a_fixed_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords(2)
    lock, meeting = threading.Lock(), threading.Barrier(2, timeout=20)
    running, most = 0, 0

    def meet(password: str) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        meeting.wait()
        with lock:
            running -= 1
        return password

    monkeypatch.setattr(passwords, "hash", meet)

    async def crowd() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(passwords.hash_in_thread, "x")

    anyio.run(crowd)
    assert most == 2


def test_a_long_queue_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords(1)
    gate = threading.Event()
    monkeypatch.setattr(passwords, "hash", lambda _: str(gate.wait(20)))
    refused: list[UnavailableError] = []

    async def ask() -> None:
        try:
            await passwords.hash_in_thread("x")
        except UnavailableError as error:
            refused.append(error)
            gate.set()

    async def crowd() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(MAX_PENDING_HASHES + 1):
                group.start_soon(ask)

    anyio.run(crowd)
    assert [error.headers for error in refused] == [{"Retry-After": "2"}]


def test_a_csrf_token_belongs_to_one_login() -> None:
    login_id = new_id()
    assert csrf_token(SECRET, login_id) == csrf_token(SECRET, login_id)
    assert csrf_token(SECRET, login_id) != csrf_token(SECRET, new_id())
