from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import InputModel, OutputModel
from app.schemas.second_factor import OneTimeCode
from app.schemas.user import Locale, LoginEmail, Password, PersonName, UserRead

OpaqueToken = Annotated[str, Field(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]


class LoginCreate(InputModel):
    """`code` is that of the authenticator app, or a recovery code, for those who use a second factor."""

    email: LoginEmail
    password: Password
    code: OneTimeCode | None = None


class Registration(InputModel):
    """A new student account; other roles are given by an admin."""

    email: LoginEmail
    name: PersonName
    password: Password
    locale: Locale = "en"


class RefreshCreate(InputModel):
    refresh_token: OpaqueToken


class PasswordUpdate(InputModel):
    old_password: Password
    new_password: Password


class PasswordResetCreate(InputModel):
    email: LoginEmail


class PasswordResetConfirm(InputModel):
    token: OpaqueToken
    new_password: Password


class LoginRead(OutputModel):
    """Browsers ignore the tokens: the same reply sets them as cookies."""

    access_token: str
    refresh_token: str = Field(description="Good for one refresh; the reply to it holds the next one.")
    token_type: Literal["bearer"]
    expires_in: int = Field(description="Seconds until the access token ends.")
    user: UserRead


class LoginSessionRead(OutputModel):
    """One place where the user is logged in."""

    id: UUID
    user_agent: str
    address: str
    created_at: datetime
    last_used_at: datetime
    is_current: bool


class LoginSessionList(OutputModel):
    items: list[LoginSessionRead]
