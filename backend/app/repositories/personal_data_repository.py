"""Everything that is kept about one user, found from the tables themselves: a new table needs no mention here."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Table, case, delete, exists, null, select, true, update
from sqlalchemy.orm import Session

from app.models import Assignment, Attempt, AttemptGrade, User
from app.models.base import Base

OWNER: Final = "user_id"
PAGE_ROWS: Final = 500
_USERS: Final = Base.metadata.tables[User.__tablename__]
_ASSIGNMENTS: Final = Base.metadata.tables[Assignment.__tablename__]
# What proves who somebody is stays here: a copy of it in a downloaded file would help nobody but a thief. A seed tells
# in which order the author wrote the options.
_SECRET_PARTS: Final = ("hash", "secret", "seed")


def owner_of(table: Table) -> Column[Any] | None:
    """The column that says whose a row is: its own, or the one that leads to the owner of what it belongs to."""
    if OWNER in table.columns:
        return table.c[OWNER]
    return next((each for each in table.columns if any(key.column.name == OWNER for key in each.foreign_keys)), None)


def owned_tables() -> dict[Table, Column[Any]]:
    """Tables whose rows belong to one user with the column of their owner, those that others refer to first."""
    owners = {table: owner_of(table) for table in Base.metadata.sorted_tables}
    return {table: owner for table, owner in owners.items() if owner is not None}


def mentions() -> list[tuple[Table, Column[Any]]]:
    """References to a user by what is not theirs: who made an import, who decided about a pair."""
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table is _USERS for key in column.foreign_keys) and not _goes_with_user(column)
    ]


def _goes_with_user(column: Column[Any]) -> bool:
    is_kept = any(key.ondelete == "SET NULL" for key in column.foreign_keys)
    return column.name == OWNER and not is_kept


def _is_secret(column: Column[Any]) -> bool:
    return any(part in column.name for part in _SECRET_PARTS)


def _shown(column: Column[Any]) -> ColumnElement[Any]:
    """What stands in the file; the state of an open question tells what its answer is worth."""
    is_told = Assignment.finished_at.is_not(None)
    return case((is_told, column), else_=null()).label(column.name) if column is _ASSIGNMENTS.c.state else column


def _is_told(table: Table) -> ColumnElement[bool]:
    """Grades are told when their question is finished, which is at the end of the session where they are put off."""
    if table is not AttemptGrade.__table__:
        return true()
    is_open = (Attempt.id == AttemptGrade.attempt_id) & Assignment.finished_at.is_(None)
    both = (Attempt.assignment_id == Assignment.id) & (Attempt.user_id == Assignment.user_id)
    return ~exists().where(Attempt.user_id == AttemptGrade.user_id, is_open, both)


class PersonalDataRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def rows(self, user_id: UUID) -> Iterator[tuple[str, Iterator[Mapping[str, Any]]]]:
        """Each table with the rows of the user, read as they are asked for."""
        for table, owner in ({_USERS: _USERS.c.id} | owned_tables()).items():
            yield table.name, self._rows(table, owner, user_id)

    def _rows(self, table: Table, owner: Column[Any], user_id: UUID) -> Iterator[Mapping[str, Any]]:
        columns = [_shown(column) for column in table.columns if not _is_secret(column)]
        statement = select(*columns).where(owner == user_id, _is_told(table)).order_by(*table.primary_key.columns)
        found = self.session.execute(statement.execution_options(yield_per=PAGE_ROWS))
        for row in found.mappings():
            yield dict(row)

    def ids_of_rows(self, user_id: UUID) -> list[Select[tuple[UUID]]]:
        """For each table the ids of the user's rows, by which an address may lead to one."""
        return [
            select(table.c.id).where(owner == user_id) for table, owner in owned_tables().items() if "id" in table.c
        ]

    def erase(self, user_id: UUID) -> None:
        """Delete the user and every row of theirs; where others' rows name them, the name goes."""
        for table, column in mentions():
            self.session.execute(update(table).where(column == user_id).values({column.name: None}))
        for table, owner in reversed(owned_tables().items()):
            self.session.execute(delete(table).where(owner == user_id))
        self.session.execute(delete(User).where(User.id == user_id))
