import secrets
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A time-ordered UUIDv7 (RFC 9562), so that new rows land at the end of their indexes."""
    return uuid7()


def opaque_id() -> str:
    """Eight hex digits that say nothing about order; used inside one question."""
    return secrets.token_hex(4)
