from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session

from app.domain.enums import Role
from app.domain.permissions import Actor
from app.models import User


class StudentRepository:
    """Whose learning somebody may look at; every page about another person asks here."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def is_readable(self, actor: Actor, user_id: UUID) -> bool:
        statement = select(User.id).where(User.id == user_id, readable_students(actor))
        return self.session.scalar(statement) is not None


def readable_students(actor: Actor) -> ColumnElement[bool]:
    """Students for staff, everybody for an administrator, nobody else for a student."""
    if actor.is_admin:
        return true()
    return User.role == Role.STUDENT.value if actor.is_staff else false()
