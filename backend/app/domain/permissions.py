"""Who acts, and which roles may use what. Rows are narrowed further by the queries themselves."""

from dataclasses import dataclass
from uuid import UUID

from app.domain.enums import Role


@dataclass(frozen=True, slots=True)
class Actor:
    user_id: UUID
    role: Role
    login_id: UUID

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN


EVERYONE = frozenset(Role)
STAFF = frozenset({Role.TEACHER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
