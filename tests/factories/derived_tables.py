"""The tables that follow from the log of attempts, read whole and compared."""

import math
from collections.abc import Iterator

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import (
    DailyActivity,
    ItemStatistic,
    LearnerItemState,
    LearnerSkillState,
    LearnerStateRecord,
    MasteryEvent,
    ReviewCardRecord,
)
from app.models.base import Base
from app.services.learner_replay import replay_items, replay_learner
from scripts.bench import data

TABLES: tuple[type[Base], ...] = (
    LearnerStateRecord,
    LearnerSkillState,
    LearnerItemState,
    DailyActivity,
    ItemStatistic,
    ReviewCardRecord,
    MasteryEvent,
)
Row = dict[str, object]
Snapshot = dict[str, dict[tuple[object, ...], Row]]
_LEFT_OPEN = "left_open"


def snapshot(session: Session) -> Snapshot:
    """Every row by its key."""
    session.flush()
    tables = {table.__tablename__: dict(_rows(session, table)) for table in TABLES}
    return tables | {_LEFT_OPEN: {(found,): {} for found in session.scalars(text(data.LEFT_OPEN))}}


def replay_all(session: Session) -> None:
    for user_id in session.scalars(select(LearnerStateRecord.user_id)).all():
        replay_learner(session, user_id)
    replay_items(session)
    session.expire_all()


def drift(before: Snapshot, after: Snapshot) -> list[str]:
    """What differs, as text; floating point numbers may differ by the order of their sums.

    An answered question that the end of its session passed over is told too: no replay can make it count.
    """
    found = [f"assignment {key} was answered and left open" for key in after[_LEFT_OPEN]]
    for table, rows in before.items():
        found += [f"{table} {key} exists only once" for key in rows.keys() ^ after[table].keys()]
        for key in rows.keys() & after[table].keys():
            found += [f"{table} {key} {change}" for change in changes(rows[key], after[table][key])]
    return found


def changes(before: Row, after: Row) -> list[str]:
    return [f"{name}: {value} became {after[name]}" for name, value in before.items() if not _same(value, after[name])]


def _rows(session: Session, table: type[Base]) -> Iterator[tuple[tuple[object, ...], Row]]:
    key = [column.name for column in table.__table__.primary_key]
    for row in session.execute(select(table.__table__)).mappings():
        yield tuple(row[name] for name in key), dict(row)


def _same(left: object, right: object) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return left == right
