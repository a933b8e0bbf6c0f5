"""What can be the matter with two questions of one bank."""

from enum import StrEnum


class PairKind(StrEnum):
    NEAR_DUPLICATE = "near_duplicate"
    KEY_CONFLICT = "key_conflict"
    GIVES_AWAY = "gives_away"


class PairStatus(StrEnum):
    OPEN = "open"
    DISMISSED = "dismissed"
    RESOLVED = "resolved"
