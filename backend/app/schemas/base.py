import unicodedata
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Strict, field_validator

StrictInt = Annotated[int, Strict(), Field(ge=-(2**31), le=2**31 - 1)]
StrictFloat = Annotated[float, Field(allow_inf_nan=False)]
StrictBool = Annotated[bool, Strict()]
Email = Annotated[
    str, Field(min_length=3, max_length=254, pattern=r"^[^@\s<>\"']+@[^@\s<>\"']+$", examples=["ada@example.org"])
]
Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=4_000)]

Item = TypeVar("Item")


def clean_text(value: Any) -> Any:  # runs before the type of the field is known
    """NFC for every string in a value; NUL and lone surrogates are refused, PostgreSQL could not store them."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ValueError("NUL and lone surrogates are not allowed")
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [clean_text(member) for member in value]
    if isinstance(value, dict):
        return {clean_text(name): clean_text(member) for name, member in value.items()}
    return value


class InputModel(BaseModel):
    """Base of request bodies: unknown members are refused, text is normalised, numbers are finite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, str_max_length=20_000)

    @field_validator("*", mode="before")
    @classmethod
    def _clean(cls, value: Any) -> Any:
        return clean_text(value)


class OutputModel(BaseModel):
    """Base of replies: an allow-list of what leaves the server; made from rows by attribute."""

    model_config = ConfigDict(from_attributes=True)


class Page(OutputModel, Generic[Item]):
    """A slice of a list; `next_cursor` asks for the one after it, null = the end."""

    items: list[Item]
    next_cursor: str | None


class Problem(OutputModel):
    """RFC 9457 problem details."""

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable, for programs.")
    request_id: str
