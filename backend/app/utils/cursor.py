import base64
import binascii

import orjson


def encode_cursor(*values: str | float) -> str:
    """The position after a row, as the sort values of that row."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def decode_cursor(cursor: str, length: int) -> list[str | int | float]:
    """Raises ValueError when the text is not a cursor of ours with `length` values."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise ValueError("not a cursor") from error
    if not isinstance(values, list) or len(values) != length:
        raise ValueError("not a cursor")
    if not all(isinstance(value, str | int | float) for value in values):
        raise ValueError("not a cursor")
    return values
