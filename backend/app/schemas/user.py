from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, StringConstraints

from app.domain.emails import canonical_email
from app.domain.enums import Role, UserStatus
from app.schemas.base import Email, InputModel, OutputModel

MAX_BATCH = 100

LoginEmail = Annotated[Email, AfterValidator(canonical_email)]
PersonName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$"),
    Field(examples=["Ada Lovelace"]),
]
Locale = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", examples=["en", "de-AT"])]
# Looser than the rules for a new password, so that old ones can still be typed.
Password = Annotated[SecretStr, Field(min_length=1, max_length=256, examples=["correct horse battery staple"])]


class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class PreferencesUpdate(InputModel):
    """Only the members that are sent change; null goes back to the default."""

    target_success: float | None = Field(
        default=None,
        ge=0.60,
        le=0.90,
        strict=True,
        description="Share of right answers to aim at: lower is harder.",
    )
    daily_goal: int | None = Field(default=None, ge=1, le=500, strict=True, description="Answers a day.")
    theme: Theme | None = None
    text_scale: float | None = Field(default=None, ge=0.8, le=2.0, strict=True, description="Size of text, 1 = normal.")


class Preferences(OutputModel):
    """Null = the default of the installation. Stored sparsely, hence the defaults."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    target_success: float | None = None
    daily_goal: int | None = None
    theme: Theme | None = None
    text_scale: float | None = None


class UserUpdate(InputModel):
    """What people may change about themselves; role and status are not among it."""

    name: PersonName | None = None
    locale: Locale | None = None
    preferences: PreferencesUpdate | None = None

    def changes(self) -> dict[str, Any]:
        """Only what was sent; a null stays only inside the preferences, where it means the default."""
        sent = self.model_dump(mode="json", exclude_unset=True)
        return {name: value for name, value in sent.items() if value is not None}


class UserCreate(InputModel):
    email: LoginEmail
    name: PersonName
    role: Role = Role.STUDENT
    locale: Locale = "en"
    password: Password = Field(description="Told to the person by other means; they can change it.")


class UserAdminUpdate(InputModel):
    name: PersonName | None = None
    role: Role | None = None
    extra_time: float | None = Field(
        default=None,
        ge=0,
        le=2,
        strict=True,
        description="Share by which time limits of exams are longer: 0.25 = 25 %.",
    )


class TemporaryPassword(InputModel):
    password: Password


class UserTableEntry(InputModel):
    """What a row of a table of people has to say."""

    email: LoginEmail
    name: PersonName
    role: Role = Role.STUDENT
    locale: Locale = "en"


class UserRowOutcome(StrEnum):
    """`exists`: there is an account with this address, which is left as it is."""

    NEW = "new"
    EXISTS = "exists"
    ERROR = "error"


class UserRowCode(StrEnum):
    """What is wrong with a row of a table of people; stable, clients translate by it."""

    EMAIL = "bad_email"
    NAME = "bad_name"
    ROLE = "bad_role"
    LOCALE = "bad_language"
    REPEATED = "repeated_email"


class UserRowProblem(OutputModel):
    column: str
    code: UserRowCode
    message: str


class UserTableRow(OutputModel):
    """`line` is where the row begins in the file. Of an `error` the texts are as they stand there, cut to be shown."""

    line: int
    email: str
    name: str
    role: str
    locale: str
    outcome: UserRowOutcome
    problems: list[UserRowProblem]


class UserTableRead(OutputModel):
    """What a table of people would do. `ignored` are headers that mean nothing here."""

    rows: list[UserTableRow]
    ignored: list[str]
    counts: dict[UserRowOutcome, int]


class UserBatchCreate(InputModel):
    users: Annotated[list[UserCreate], Field(min_length=1, max_length=MAX_BATCH)]


class UserBatchOutcome(StrEnum):
    CREATED = "created"
    EXISTS = "exists"
    REFUSED = "refused"


class UserBatchItem(OutputModel):
    """What became of one account; a refusal says why."""

    email: str
    outcome: UserBatchOutcome
    user_id: UUID | None
    message: str


class UserBatchResult(OutputModel):
    """In the order of the request."""

    items: list[UserBatchItem]


class UserRead(OutputModel):
    id: UUID
    email: str
    name: str
    role: Role
    status: UserStatus
    locale: str
    extra_time: float
    must_change_password: bool
    preferences: Preferences
    created_at: datetime
    last_login_at: datetime | None
