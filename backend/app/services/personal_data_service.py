from collections.abc import Generator, Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session, sessionmaker

from app.domain.audit import AuditAction
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.repositories.audit_repository import AuditRepository
from app.repositories.idempotency_repository import IdempotencyRepository
from app.repositories.job_repository import JobRepository
from app.repositories.personal_data_repository import PersonalDataRepository
from app.repositories.user_repository import UserRepository
from app.services.user_service import LastAdminError


class PersonalDataService:
    def __init__(self, session: Session) -> None:
        self.session = session
        self.users = UserRepository(session)

    def erase(self, actor: Actor) -> None:
        """Delete the account of the actor and everything kept about them; nobody can bring it back.

        The sums in the figures of questions stay: they name nobody. So does the audit trail, which knows only ids.

        Raises:
            LastAdminError: Somebody must remain who can administer.
        """
        if actor.role is Role.ADMIN and self.users.lock_active_admins() <= {actor.user_id}:
            raise LastAdminError("You are the last administrator: appoint another one first.")
        user = self.users.lock(actor, actor.user_id)
        if user is None:  # another request of theirs was faster
            return
        data = PersonalDataRepository(self.session)
        IdempotencyRepository(self.session).forget(user, data.ids_of_rows(user.id))
        JobRepository(self.session).forget_actor(user.id)
        data.erase(user.id)
        AuditRepository(self.session).record(
            AuditAction.USER_ERASED, actor_id=None, object_type="user", object_id=str(actor.user_id)
        )


def personal_data_parts(sessions: sessionmaker[Session], user_id: UUID) -> Generator[bytes]:
    """One JSON object: the name of each table with the rows about the user.

    A transaction is open from the first part to the last: take them without waiting for anybody.
    """
    with sessions() as session:
        yield b"{"
        for number, (table, rows) in enumerate(PersonalDataRepository(session).rows(user_id)):
            yield b",\n" if number else b"\n"
            yield orjson.dumps(table) + b": ["
            yield from _listed(rows)
            yield b"]"
        yield b"\n}\n"


def _listed(rows: Iterator[Mapping[str, Any]]) -> Iterator[bytes]:
    for number, row in enumerate(rows):
        yield b",\n  " if number else b"\n  "
        yield orjson.dumps(row, default=str)
