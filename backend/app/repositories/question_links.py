"""Skills and tags of questions."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import Skill, Tag, question_skills, question_tags


class QuestionLinks:
    """The links of questions with one kind of thing; ask for `skill_links` or `tag_links`."""

    def __init__(self, session: Session, table: Table, other: str) -> None:
        self._session, self._table, self._other = session, table, other

    def replace(self, question_id: UUID, wanted: Collection[UUID]) -> bool:
        """Whether that changed anything."""
        present = set(self._session.scalars(select(self._other_id).where(self._question_id == question_id)))
        for gone in present - set(wanted):
            self.remove([question_id], gone)
        for fresh in set(wanted) - present:
            self.add([question_id], fresh)
        return present != set(wanted)

    def add(self, question_ids: Collection[UUID], other_id: UUID) -> set[UUID]:
        """The questions that did not have the link."""
        if not question_ids:
            return set()
        rows = [{"question_id": question_id, self._other: other_id} for question_id in question_ids]
        statement = insert(self._table).values(rows).on_conflict_do_nothing().returning(self._question_id)
        return set(self._session.scalars(statement))

    def remove(self, question_ids: Collection[UUID], other_id: UUID) -> set[UUID]:
        """The questions that had the link."""
        statement = delete(self._table).where(self._question_id.in_(question_ids), self._other_id == other_id)
        return set(self._session.scalars(statement.returning(self._question_id)))

    @property
    def _question_id(self) -> ColumnElement[UUID]:
        return self._table.c.question_id

    @property
    def _other_id(self) -> ColumnElement[UUID]:
        return self._table.c[self._other]


def skill_links(session: Session) -> QuestionLinks:
    return QuestionLinks(session, question_skills, "skill_id")


def tag_links(session: Session) -> QuestionLinks:
    return QuestionLinks(session, question_tags, "tag_id")


def skills_of(session: Session, question_ids: Collection[UUID]) -> dict[UUID, tuple[Skill, ...]]:
    links = question_skills.c
    statement = (
        select(links.question_id, Skill)
        .join(Skill, Skill.id == links.skill_id)
        .where(links.question_id.in_(question_ids))
        .order_by(Skill.position, Skill.code)
    )
    found: dict[UUID, tuple[Skill, ...]] = {}
    for question_id, skill in session.execute(statement):
        found[question_id] = (*found.get(question_id, ()), skill)
    return found


def tags_of(session: Session, question_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    links = question_tags.c
    statement = (
        select(links.question_id, Tag.name)
        .join(Tag, Tag.id == links.tag_id)
        .where(links.question_id.in_(question_ids))
        .order_by(Tag.name)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for question_id, name in session.execute(statement):
        found[question_id] = (*found.get(question_id, ()), name)
    return found
