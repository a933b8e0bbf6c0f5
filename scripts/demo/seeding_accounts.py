"""Who takes part in the demo: one login for each role, and the other simulated students."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.security import Passwords
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.services.user_service import NewUser, UserService
from app.utils.ids import new_id

from .students import DEMO_STUDENTS

_DOMAIN: Final = "demo.example"


@dataclass(frozen=True)
class DemoLogin:
    role: Role
    name: str
    password: str

    @property
    def email(self) -> str:
        return f"{self.role}@{_DOMAIN}"


# The student with a login is one of the simulated ones whose history has some of everything: skills that are mastered,
# skills half learned, and practice until yesterday.
_SHOWN: Final = next(student for student in DEMO_STUDENTS if student.key == "mei.haugen")
DEMO_LOGINS: Final = (
    DemoLogin(Role.STUDENT, _SHOWN.name, "practice makes progress"),
    DemoLogin(Role.TEACHER, "Noor Halvorsen", "watch them learn"),
    DemoLogin(Role.ADMIN, "Ilya Marchetti", "keep the place running"),
)


@dataclass(frozen=True)
class Accounts:
    """`students` maps the key of each simulated student to the account."""

    admin: Actor
    students: Mapping[str, UUID]


def add_accounts(session: Session, passwords: Passwords, joined_at: datetime) -> Accounts:
    """Raises EmailTakenError when an address of the demo belongs to somebody already."""
    service = UserService(session, joined_at)
    logins = [NewUser(login.email, login.name, passwords.hash(login.password), login.role) for login in DEMO_LOGINS]
    student, _, admin = logins
    unknown = passwords.hash(secrets.token_urlsafe())
    addresses = {each.key: f"{each.key}@{_DOMAIN}" for each in DEMO_STUDENTS} | {_SHOWN.key: student.email}
    others = [NewUser(addresses[each.key], each.name, unknown) for each in DEMO_STUDENTS if each != _SHOWN]
    ids = {new.email: _add(service, new, joined_at) for new in (*logins, *others)}
    students = {key: ids[address] for key, address in addresses.items()}
    return Accounts(Actor(ids[admin.email], Role.ADMIN, new_id()), students)


def _add(service: UserService, new: NewUser, joined_at: datetime) -> UUID:
    user = service.create(new, actor_id=None)
    user.created_at = joined_at
    return user.id
