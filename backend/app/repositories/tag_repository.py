from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import Tag, question_tags
from app.repositories.keyset import Slice, cut, read_position
from app.utils.ids import new_id


class TagRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def ensure(self, names: Collection[str]) -> dict[str, UUID]:
        """The id of each name, made where there is none yet."""
        known = self._find(names)
        # In one order for all, so that two writers of the same tags do not wait for each other.
        missing = sorted(set(names) - set(known))
        if missing:
            rows = [{"id": new_id(), "name": name} for name in missing]
            self.session.execute(insert(Tag).values(rows).on_conflict_do_nothing())
            known |= self._find(missing)
        return known

    def page(self, prefix: str, *, cursor: str | None, limit: int) -> Slice[Tag]:
        """By name. Tags without a question are left out."""
        used = select(question_tags.c.tag_id).where(question_tags.c.tag_id == Tag.id).exists()
        statement = select(Tag).where(used).order_by(Tag.name).limit(limit + 1)
        if prefix:
            statement = statement.where(func.lower(Tag.name).startswith(prefix.lower(), autoescape=True))
        if cursor:
            (name,) = read_position(cursor, str)
            statement = statement.where(Tag.name > name)
        return cut(self.session.scalars(statement).all(), limit, lambda row: (row.name,))

    def _find(self, names: Collection[str]) -> dict[str, UUID]:
        if not names:
            return {}
        rows = self.session.execute(select(Tag.name, Tag.id).where(Tag.name.in_(names)))
        return {row.name: row.id for row in rows}
