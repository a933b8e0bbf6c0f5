"""One-time codes (RFC 6238) and recovery codes. The only module that knows pyotp."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp
from cryptography.fernet import Fernet, InvalidToken

ISSUER: Final = "Studium"
PERIOD_S: Final = 30
DRIFT: Final = 1
"""Periods by which the clock of a phone may be wrong."""
RECOVERY_CODES: Final = 10


class SecretBox:
    """Encrypts what must be read again, with a key of its own that follows from the secret of the installation."""

    def __init__(self, secret: str) -> None:
        key = hmac.new(secret.encode(), b"second-factor", hashlib.sha256).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises ValueError when it was sealed under another secret."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise ValueError("sealed under another secret key") from error


def new_secret() -> str:
    return pyotp.random_base32()


def enrolment_uri(secret: str, email: str) -> str:
    """What an authenticator app reads as a QR code."""
    return pyotp.TOTP(secret, interval=PERIOD_S).provisioning_uri(name=email, issuer_name=ISSUER)


def matching_step(secret: str, code: str, now: datetime, after: int) -> int | None:
    """The period that the code belongs to, if it is the present one or a neighbour, and later than `after`.

    A code is good once: whoever stores the period and passes it as `after` refuses its repetition (RFC 6238, 5.2).
    """
    totp, present = pyotp.TOTP(secret, interval=PERIOD_S), int(now.timestamp()) // PERIOD_S
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > after and hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """64 random bits each, in groups that can be copied by hand."""
    return ["-".join(_groups(secrets.token_hex(8))) for _ in range(RECOVERY_CODES)]


def _groups(text: str) -> list[str]:
    return [text[at : at + 4] for at in range(0, len(text), 4)]
