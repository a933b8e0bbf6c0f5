"""Keys of practice steps: those that clients choose and those of the server's own steps never meet."""

from typing import Final
from uuid import UUID

CLIENT_KEY: Final = r"^[A-Za-z0-9_-]+$"
_BETWEEN: Final = ":"  # in no key of a client, so nobody can take the key of a step that the server has yet to make


def own_key(assignment_id: UUID, *step: str) -> str:
    """Of a step that the server makes itself, once for a shown question; `step` says which."""
    return _BETWEEN.join((*step, assignment_id.hex))
