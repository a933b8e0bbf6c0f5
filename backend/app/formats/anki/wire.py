"""The wire format of Protocol Buffers, as far as Anki packages need it."""

from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10


class WireError(ValueError):
    """The bytes are no message."""


def wire_fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field; nested messages and texts are bytes, numbers of fixed width are left out.

    Raises:
        WireError: When the message is damaged.
    """
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        kind = tag & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield tag >> 3, value
            continue
        if kind == _BYTES:
            size, at = _varint(message, at)
        elif kind in {_FIXED32, _FIXED64}:
            size = 4 if kind == _FIXED32 else 8
        else:
            raise WireError(f"There is no wire type {kind}.")
        if at + size > len(message):
            raise WireError("The message is cut off.")
        if kind == _BYTES:
            yield tag >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(message[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:  # noqa: PLR2004 - the high bit says that more bytes follow
            return value, at + index + 1
    raise WireError("A number is cut off.")
