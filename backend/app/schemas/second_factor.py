from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import InputModel, OutputModel
from app.schemas.user import Password

OneTimeCode = Annotated[str, Field(min_length=6, max_length=40, pattern=r"^[0-9A-Za-z -]+$", examples=["123456"])]


class PasswordProof(InputModel):
    """The own password once more, so that a device left open is not enough."""

    password: Password


class CodeProof(InputModel):
    code: OneTimeCode


class DisableProof(PasswordProof):
    """`code` of the authenticator app, or a recovery code."""

    code: OneTimeCode


class SecondFactorEnrolment(OutputModel):
    """`uri` is what an authenticator app reads as a QR code, `secret` the same to type in."""

    secret: str
    uri: str


class RecoveryCodes(OutputModel):
    """Each is good for one login without the phone. They are told only now."""

    recovery_codes: list[str]


class SecondFactorRead(OutputModel):
    is_enabled: bool
    confirmed_at: datetime | None
    recovery_codes_left: int
