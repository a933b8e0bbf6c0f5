"""What makes a password too weak; lengths and blocklist after NIST SP 800-63B, section 3.1.1."""

import unicodedata
from itertools import pairwise
from typing import Final

from app.domain.common_passwords import COMMON_CORES
from app.domain.emails import local_part
from app.domain.enums import Role

MAX_LENGTH: Final = 128
MIN_DISTINCT: Final = 4
MIN_LOCAL_PART: Final = 3
_MIN_LENGTH: Final = {Role.STUDENT: 8, Role.TEACHER: 15, Role.ADMIN: 15}


def normalise_password(password: str) -> str:
    """NFKC, so that the same keys give the same password on every device."""
    return unicodedata.normalize("NFKC", password)


def password_weakness(password: str, *, email: str, role: Role) -> str | None:
    """The rule that a new password breaks, as a sentence for the person choosing it; None when it is good."""
    password = normalise_password(password)
    minimum = _MIN_LENGTH[role]
    if not minimum <= len(password) <= MAX_LENGTH:
        return f"The password must have {minimum} to {MAX_LENGTH} characters."
    folded = password.casefold()
    local = local_part(email.casefold())
    if len(local) >= MIN_LOCAL_PART and local in folded:
        return "The password must not contain your e-mail address."
    if _is_common(folded):
        return "This password is one of those that are tried first. Choose another."
    return None


def _is_common(folded: str) -> bool:
    return len(set(folded)) < MIN_DISTINCT or _is_sequence(folded) or _core(folded) in COMMON_CORES


def _is_sequence(text: str) -> bool:
    """Runs such as 12345678, hgfedcba and 7890123456 (digits wrap around)."""
    if text.isdecimal():
        steps = {(int(right) - int(left)) % 10 for left, right in pairwise(text)}
        return steps in ({1}, {9})
    return {ord(right) - ord(left) for left, right in pairwise(text)} in ({1}, {-1})


def _core(folded: str) -> str:
    """What is left without the digits and signs around; doubled words count once."""
    start, end = 0, len(folded)
    while start < end and not folded[start].isalpha():
        start += 1
    while end > start and not folded[end - 1].isalpha():
        end -= 1
    core = folded[start:end]
    half = core[: len(core) // 2]
    return half if half + half == core else core
