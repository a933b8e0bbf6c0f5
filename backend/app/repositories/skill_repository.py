from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, true
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus
from app.domain.permissions import Actor
from app.models import Question, Skill, SkillPrerequisite, Subject, question_skills
from app.repositories.keyset import Slice, cut, read_position
from app.repositories.subject_repository import visible_subjects

Edge = tuple[UUID, UUID]


class SkillRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, actor: Actor, skill_id: UUID) -> Skill | None:
        statement = select(Skill).join(Subject, Subject.id == Skill.subject_id)
        return self.session.scalar(statement.where(Skill.id == skill_id, *_visible(actor)))

    def page(self, actor: Actor, subject_id: UUID, *, archived: bool, cursor: str | None, limit: int) -> Slice[Skill]:
        """In the subject's order. Archived skills come only when staff ask for them."""
        statement = (
            select(Skill)
            .join(Subject, Subject.id == Skill.subject_id)
            .where(Skill.subject_id == subject_id, *_visible(actor))
            .order_by(Skill.position, Skill.code)
            .limit(limit + 1)
        )
        if not archived:
            statement = statement.where(Skill.archived_at.is_(None))
        if cursor:
            position, code = read_position(cursor, int, str)
            later = (Skill.position == position) & (Skill.code > code)
            statement = statement.where((Skill.position > position) | later)
        return cut(self.session.scalars(statement).all(), limit, lambda row: (row.position, row.code))

    def active(self, subject_id: UUID) -> list[Skill]:
        """All skills of the subject that are not archived, in its order."""
        statement = select(Skill).where(Skill.subject_id == subject_id, Skill.archived_at.is_(None))
        return list(self.session.scalars(statement.order_by(Skill.position, Skill.code)))

    def searchable(self, actor: Actor, subject_ids: Collection[UUID], limit: int = 5_000) -> list[Skill]:
        """Skills that are not archived, of these subjects or of all that the actor may see."""
        statement = select(Skill).join(Subject, Subject.id == Skill.subject_id)
        statement = statement.where(Skill.archived_at.is_(None), Subject.archived_at.is_(None), *_visible(actor))
        if subject_ids:
            statement = statement.where(Skill.subject_id.in_(subject_ids))
        return list(self.session.scalars(statement.order_by(Skill.id).limit(limit)))

    def example_stems(self, subject_id: UUID, per_skill: int = 30) -> dict[UUID, tuple[str, ...]]:
        """The beginnings of the first published questions of each skill."""
        place = func.row_number().over(partition_by=question_skills.c.skill_id, order_by=Question.number)
        ranked = (
            select(question_skills.c.skill_id, func.left(Question.stem_text, 500).label("stem"), place.label("place"))
            .join(Question, Question.id == question_skills.c.question_id)
            .where(Question.subject_id == subject_id, Question.status == QuestionStatus.PUBLISHED)
            .subquery()
        )
        statement = (
            select(ranked.c.skill_id, func.array_agg(ranked.c.stem))
            .where(ranked.c.place <= per_skill)
            .group_by(ranked.c.skill_id)
        )
        return {row[0]: tuple(row[1]) for row in self.session.execute(statement)}

    def in_subject(self, subject_id: UUID, skill_ids: Collection[UUID]) -> dict[UUID, Skill]:
        statement = select(Skill).where(Skill.subject_id == subject_id, Skill.id.in_(skill_ids))
        return {skill.id: skill for skill in self.session.scalars(statement)}

    def named(self, subject_id: UUID, names: Collection[str]) -> dict[str, Skill]:
        """The skills that a draft names, by code or by name; a name is taken without regard to case."""
        wanted = [name.lower() for name in names]
        statement = select(Skill).where(
            Skill.subject_id == subject_id, Skill.code.in_(names) | func.lower(Skill.name).in_(wanted)
        )
        found = self.session.scalars(statement).all()
        by_code = {skill.code: skill for skill in found}
        by_name = {skill.name.lower(): skill for skill in found}
        matches = {name: by_code.get(name) or by_name.get(name.lower()) for name in names}
        return {name: skill for name, skill in matches.items() if skill is not None}

    def find_taken(self, subject_id: UUID, code: str, name: str, *, other_than: UUID | None = None) -> Skill | None:
        """A skill of the subject that has the code or the name already."""
        statement = select(Skill).where(
            Skill.subject_id == subject_id, (Skill.code == code) | (func.lower(Skill.name) == func.lower(name))
        )
        if other_than is not None:
            statement = statement.where(Skill.id != other_than)
        return self.session.scalars(statement.limit(1)).first()

    def next_position(self, subject_id: UUID) -> int:
        last = self.session.scalar(select(func.max(Skill.position)).where(Skill.subject_id == subject_id))
        return 0 if last is None else last + 1

    def edges(self, subject_id: UUID) -> list[Edge]:
        """Every (prerequisite, skill) of the subject, archived skills included."""
        statement = (
            select(SkillPrerequisite.prerequisite_id, SkillPrerequisite.skill_id)
            .join(Skill, Skill.id == SkillPrerequisite.skill_id)
            .where(Skill.subject_id == subject_id)
            .order_by(Skill.position, SkillPrerequisite.id)
        )
        return [(row.prerequisite_id, row.skill_id) for row in self.session.execute(statement)]

    def replace_prerequisites(self, skill_id: UUID, prerequisite_ids: Sequence[UUID]) -> None:
        """Rows that stay keep their age."""
        links = SkillPrerequisite
        self.session.execute(
            delete(links).where(links.skill_id == skill_id, links.prerequisite_id.not_in(prerequisite_ids))
        )
        present = set(self.session.scalars(select(links.prerequisite_id).where(links.skill_id == skill_id)))
        self.session.add_all(
            links(skill_id=skill_id, prerequisite_id=each) for each in prerequisite_ids if each not in present
        )
        self.session.flush()


def _visible(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return visible_subjects(actor), true() if actor.is_staff else Skill.archived_at.is_(None)
