from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.enums import Severity
from app.models import ImportRow
from app.repositories.keyset import Slice, cut, read_position


@dataclass(frozen=True, slots=True)
class ImportRowFilter:
    """Empty members do not narrow; `after` is the number of a row."""

    severity: Severity | None = None
    outcome: str | None = None
    code: str | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How many rows of an import share an outcome and the code of their problem."""

    outcome: str | None
    severity: str | None
    code: str | None
    count: int


class ImportRowRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def page(self, import_id: UUID, wanted: ImportRowFilter, *, cursor: str | None, limit: int) -> Slice[ImportRow]:
        """In the order of the file."""
        statement = select(ImportRow).where(*_conditions(import_id, wanted))
        if cursor:
            (after,) = read_position(cursor, int)
            statement = statement.where(ImportRow.n > after)
        rows = self.session.scalars(statement.order_by(ImportRow.n).limit(limit + 1)).all()
        return cut(rows, limit, lambda row: (row.n,))

    def counts(self, import_id: UUID) -> list[CodeCount]:
        """The most frequent first."""
        columns = (ImportRow.outcome, ImportRow.severity, ImportRow.code)
        statement = (
            select(*columns, func.count().label("count"))
            .where(ImportRow.import_id == import_id)
            .group_by(*columns)
            .order_by(func.count().desc(), ImportRow.code)
        )
        return [CodeCount(*row) for row in self.session.execute(statement)]

    def page_starts(self, import_id: UUID, wanted: ImportRowFilter, size: int) -> tuple[int, list[int]]:
        """How many rows there are, and for each page of `size` rows the number of the row before it."""
        rows = (
            select(
                func.lag(ImportRow.n, 1, 0).over(order_by=ImportRow.n).label("before"),
                func.row_number().over(order_by=ImportRow.n).label("position"),
                func.count().over().label("total"),
            )
            .where(*_conditions(import_id, wanted))
            .subquery()
        )
        starts = select(rows.c.before, rows.c.total).where(rows.c.position % size == 1 % size).order_by(rows.c.position)
        found = self.session.execute(starts).all()
        return (found[0].total if found else 0), [row.before for row in found]


def _conditions(import_id: UUID, wanted: ImportRowFilter) -> list[ColumnElement[bool]]:
    conditions = [ImportRow.import_id == import_id]
    for name in ("severity", "outcome", "code"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(getattr(ImportRow, name) == value)
    if wanted.after is not None:
        conditions.append(ImportRow.n > wanted.after)
    return conditions
