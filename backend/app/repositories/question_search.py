"""The list of the question bank: filters, order and pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, literal_column, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.permissions import Actor
from app.domain.question_filter import QuestionFilter, QuestionSort, SkillMatch
from app.models import ItemParameter, Question, Skill, Tag, question_skills, question_tags
from app.repositories.keyset import InvalidCursorError, Position, Slice, cut, read_position
from app.repositories.question_links import skills_of, tags_of
from app.repositories.question_repository import visible_questions

MAX_NUMBER_DIGITS: Final = 18
_SIMPLE: Final[ColumnElement[str]] = literal_column("'simple'::regconfig")


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    question: Question
    difficulty: float
    skills: tuple[Skill, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Order:
    """A sort value as it is compared in SQL and as it travels in a cursor."""

    column: InstrumentedAttribute[int] | InstrumentedAttribute[datetime] | InstrumentedAttribute[float]
    kind: type
    read: Callable[[str | float], object]


_ORDERS: Final = {
    "number": _Order(Question.number, int, int),
    "updated_at": _Order(Question.updated_at, str, lambda text: datetime.fromisoformat(str(text))),
    "difficulty": _Order(ItemParameter.difficulty, float, float),
}


class QuestionSearch:
    def __init__(self, session: Session) -> None:
        self.session = session

    def page(
        self, actor: Actor, wanted: QuestionFilter, sort: QuestionSort, *, cursor: str | None, limit: int
    ) -> Slice[ListedQuestion]:
        """Takes three queries, however many rows there are."""
        statement = (
            select(Question, ItemParameter.difficulty)
            .join(ItemParameter, ItemParameter.id == Question.id)
            .where(visible_questions(actor), *_conditions(wanted))
        )
        rows = self.session.execute(_ordered(statement, sort, cursor).limit(limit + 1)).all()
        ids = [row.Question.id for row in rows]
        skills, tags = skills_of(self.session, ids), tags_of(self.session, ids)
        listed = [
            ListedQuestion(row.Question, row.difficulty, skills.get(row.Question.id, ()), tags.get(row.Question.id, ()))
            for row in rows
        ]
        return cut(listed, limit, lambda row: _position(row, sort))

    def count(self, actor: Actor, wanted: QuestionFilter) -> dict[str, int]:
        """How many questions of each status fit."""
        statement = (
            select(Question.status, func.count())
            .join(ItemParameter, ItemParameter.id == Question.id)
            .where(visible_questions(actor), *_conditions(wanted))
            .group_by(Question.status)
        )
        return {row[0]: row[1] for row in self.session.execute(statement)}


def _ordered(statement: Select[Question, float], sort: QuestionSort, cursor: str | None) -> Select[Question, float]:
    order = _ORDERS[sort.field]
    key = tuple_(order.column, Question.id)
    if cursor:
        after = tuple_(*_read(cursor, sort, order))
        statement = statement.where(key < after if sort.is_descending else key > after)
    columns = (order.column, Question.id)
    return statement.order_by(*(column.desc() if sort.is_descending else column.asc() for column in columns))


def _read(cursor: str, sort: QuestionSort, order: _Order) -> tuple[object, UUID]:
    name, value, question_id = read_position(cursor, str, order.kind, str)
    if name != sort.value:
        raise InvalidCursorError("The cursor belongs to another order.")
    try:
        return order.read(value), UUID(str(question_id))
    except ValueError as error:
        raise InvalidCursorError("The cursor is none of ours.") from error


def _position(row: ListedQuestion, sort: QuestionSort) -> Position:
    values: dict[str, str | float] = {
        "number": row.question.number,
        "updated_at": row.question.updated_at.isoformat(),
        "difficulty": row.difficulty,
    }
    return sort.value, values[sort.field], str(row.question.id)


def _conditions(wanted: QuestionFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.subject_id is not None:
        yield Question.subject_id == wanted.subject_id
    if wanted.types:
        yield Question.type.in_(wanted.types)
    if wanted.statuses:
        yield Question.status.in_(wanted.statuses)
    if wanted.difficulty_min is not None:
        yield ItemParameter.difficulty >= wanted.difficulty_min
    if wanted.difficulty_max is not None:
        yield ItemParameter.difficulty <= wanted.difficulty_max
    if wanted.tag:
        tagged = select(question_tags.c.question_id).join(Tag, Tag.id == question_tags.c.tag_id)
        yield Question.id.in_(tagged.where(Tag.name == wanted.tag))
    if wanted.import_id is not None:
        yield Question.import_id == wanted.import_id
    if wanted.text:
        yield _matches_text(wanted.text)
    yield from _skill_conditions(wanted)


def _skill_conditions(wanted: QuestionFilter) -> Iterator[ColumnElement[bool]]:
    links = question_skills.c
    if wanted.skill_match is SkillMatch.ANY and wanted.skill_ids:
        yield Question.id.in_(select(links.question_id).where(links.skill_id.in_(wanted.skill_ids)))
    elif wanted.skill_match is SkillMatch.ALL:
        for skill_id in wanted.skill_ids:
            yield exists().where(links.question_id == Question.id, links.skill_id == skill_id)


def _matches_text(text: str) -> ColumnElement[bool]:
    """Words in the stem; a plain number means the question of that number too."""
    words = Question.search.bool_op("@@")(func.websearch_to_tsquery(_SIMPLE, text))
    plain = text.strip().lstrip("#")
    if plain.isascii() and plain.isdigit() and len(plain) <= MAX_NUMBER_DIGITS:
        return words | (Question.number == int(plain))
    return words
