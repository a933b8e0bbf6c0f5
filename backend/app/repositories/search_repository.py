"""Questions as searches find them. Every statement here asks who searches."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Uuid, and_, cast, exists, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import Session

from app.domain.enums import QuestionStatus, QuestionType
from app.domain.permissions import Actor
from app.domain.search import SearchFilter, Seen, VectorPart
from app.models import (
    ItemParameter,
    LearnerItemState,
    Question,
    QuestionImage,
    QuestionVector,
    SearchDocument,
    Subject,
    question_skills,
)

RANKED_AT_MOST: Final = 1_000
"""A very common word occurs in half the bank; ranking a bounded part of it costs a bounded time."""

Weighted: TypeAlias = tuple[str, float]
AnySelect: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class TextQuery:
    """Tsqueries: `candidates` chooses what is ranked, each of `weighted` adds its weight where it is met."""

    candidates: str
    weighted: Sequence[Weighted]


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """What is shown of a found question. `difficulty` in logits; `is_seen` by whoever searches."""

    id: UUID
    number: int
    subject_id: UUID
    type: str
    status: str
    text: str
    difficulty: float
    has_image: bool
    is_seen: bool


@dataclass(frozen=True, slots=True)
class FilteredVectors:
    """Ids of questions, 16 bytes each, and their vectors, both behind each other and in the same order."""

    ids: bytes
    vectors: bytes

    def __len__(self) -> int:
        return len(self.ids) // 16

    def id_at(self, row: int) -> UUID:
        return UUID(bytes=self.ids[16 * row : 16 * row + 16])


class SearchRepository:
    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor = session, actor

    def by_words(self, query: TextQuery, wanted: SearchFilter, limit: int) -> dict[UUID, float]:
        """Best first, with the sum of what the found terms are worth; equal ones by how often the terms occur."""
        vector, words = self._words, _query(query.candidates)
        matching = (
            self._narrowed(select(SearchDocument.question_id.label("id"), vector.label("words")), wanted)
            .where(vector.bool_op("@@")(words))
            .limit(RANKED_AT_MOST)
            .subquery()
        )
        found = [
            weight * cast(matching.c.words.bool_op("@@")(_query(term)), Integer) for term, weight in query.weighted
        ]
        worth: ColumnElement[Any] = sum(found[1:], found[0])
        occurrences = func.ts_rank(matching.c.words, words, 1)
        statement = select(matching.c.id, worth).order_by((worth + occurrences).desc(), matching.c.id).limit(limit)
        return {row[0]: float(row[1]) for row in self.session.execute(statement)}

    def vectors(self, wanted: SearchFilter, embedder: str, limit: int) -> FilteredVectors:
        """The stem vectors of all questions that the filter leaves, in one value each."""
        rows = (
            self._narrowed(select(QuestionVector.question_id, QuestionVector.vector), wanted)
            .join(
                QuestionVector,
                and_(
                    QuestionVector.question_id == SearchDocument.question_id,
                    QuestionVector.part == VectorPart.STEM,
                    QuestionVector.embedder == embedder,
                ),
            )
            .limit(limit)
            .subquery()
        )
        ids = func.string_agg(func.uuid_send(rows.c.question_id), text("''::bytea"))
        row = self.session.execute(select(ids, func.string_agg(rows.c.vector, text("''::bytea")))).one()
        return FilteredVectors(row[0] or b"", row[1] or b"")

    def allowed(self, question_ids: Collection[UUID], wanted: SearchFilter) -> set[UUID]:
        """Those of the questions that the filter leaves and the asker may see."""
        return set(self.session.scalars(self._of(select(SearchDocument.question_id), question_ids, wanted)))

    def meeting(self, question_ids: Collection[UUID], words: str) -> set[UUID]:
        """Those of the questions whose words satisfy a tsquery."""
        statement = self._of(select(SearchDocument.question_id), question_ids, SearchFilter())
        return set(self.session.scalars(statement.where(self._words.bool_op("@@")(_query(words)))))

    def found(self, question_ids: Sequence[UUID]) -> dict[UUID, FoundQuestion]:
        statement = select(
            Question.id,
            Question.number,
            Question.subject_id,
            Question.type,
            Question.status,
            SearchDocument.public_text,
            func.coalesce(ItemParameter.difficulty, 0.0),
            SearchDocument.has_image,
            self._is_seen(),
        )
        rows = self.session.execute(self._of(statement, question_ids, SearchFilter(), with_question=True))
        return {row[0]: FoundQuestion(*tuple(row)) for row in rows}

    def stem_vector(self, question_id: UUID, embedder: str) -> bytes | None:
        statement = self._of(select(QuestionVector.vector), [question_id], SearchFilter()).join(
            QuestionVector, QuestionVector.question_id == SearchDocument.question_id
        )
        stem = statement.where(QuestionVector.part == VectorPart.STEM, QuestionVector.embedder == embedder)
        vector: bytes | None = self.session.scalar(stem)
        return vector

    def showing(self, media_ids: Sequence[UUID], wanted: SearchFilter) -> dict[UUID, list[UUID]]:
        """The questions that show each picture."""
        statement = (
            self._narrowed(select(QuestionImage.media_id, QuestionImage.question_id), wanted)
            .join(QuestionImage, QuestionImage.question_id == SearchDocument.question_id)
            .where(QuestionImage.media_id == func.any(cast(list(media_ids), ARRAY(Uuid()))))
            .order_by(QuestionImage.question_id)
        )
        found: dict[UUID, list[UUID]] = {}
        for row in self.session.execute(statement):
            found.setdefault(row.media_id, []).append(row.question_id)
        return found

    @property
    def _words(self) -> ColumnElement[str]:
        """Students search what is shown to everybody; options, answers and explanations are for staff."""
        table = SearchDocument.__table__.c
        return table.staff_search if self.actor.is_staff else table.public_search

    def _of(
        self,
        statement: AnySelect,
        question_ids: Collection[UUID],
        wanted: SearchFilter,
        *,
        with_question: bool = False,
    ) -> AnySelect:
        ids = cast(list(question_ids), ARRAY(Uuid()))
        return self._narrowed(statement, wanted, with_question=with_question).where(
            SearchDocument.question_id == func.any(ids)
        )

    def _narrowed(self, statement: AnySelect, wanted: SearchFilter, *, with_question: bool = False) -> AnySelect:
        """Joined with what visibility and filters need: the rows that are there now, not what an index remembers."""
        statement = statement.select_from(SearchDocument)
        if not self.actor.is_staff or wanted.types or wanted.statuses or with_question:
            statement = statement.join(Question, Question.id == SearchDocument.question_id)
        if not self.actor.is_staff:
            statement = statement.join(Subject, Subject.id == SearchDocument.subject_id)
        if _asks_for_estimates(wanted) or with_question:
            statement = statement.outerjoin(ItemParameter, ItemParameter.id == SearchDocument.question_id)
        return statement.where(*self._visible(), *self._conditions(wanted))

    def _visible(self) -> Iterator[ColumnElement[bool]]:
        if not self.actor.is_staff:
            yield Question.status == QuestionStatus.PUBLISHED
            yield Question.type != QuestionType.DESCRIPTION
            yield Subject.archived_at.is_(None)

    def _conditions(self, wanted: SearchFilter) -> Iterator[ColumnElement[bool]]:
        if wanted.subject_ids:
            yield SearchDocument.subject_id.in_(wanted.subject_ids)
        if wanted.types:
            yield Question.type.in_(wanted.types)
        if wanted.statuses:
            yield Question.status.in_(wanted.statuses)
        if wanted.skill_ids:
            links = question_skills.c
            yield SearchDocument.question_id.in_(select(links.question_id).where(links.skill_id.in_(wanted.skill_ids)))
        if wanted.has_image is not None:
            yield SearchDocument.has_image.is_(wanted.has_image)
        if wanted.seen is not None:
            yield self._is_seen() if wanted.seen is Seen.SEEN else ~self._is_seen()
        if wanted.without is not None:
            yield SearchDocument.question_id != wanted.without
        yield from _estimates(wanted)

    def _is_seen(self) -> ColumnElement[bool]:
        return exists().where(
            LearnerItemState.user_id == self.actor.user_id, LearnerItemState.question_id == SearchDocument.question_id
        )


def _asks_for_estimates(wanted: SearchFilter) -> bool:
    bounds = (wanted.difficulty_min, wanted.difficulty_max, wanted.discrimination_min)
    return any(bound is not None for bound in bounds)


def _estimates(wanted: SearchFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.difficulty_min is not None:
        yield ItemParameter.difficulty >= wanted.difficulty_min
    if wanted.difficulty_max is not None:
        yield ItemParameter.difficulty <= wanted.difficulty_max
    if wanted.discrimination_min is not None:
        yield and_(ItemParameter.answers > 0, ItemParameter.discrimination >= wanted.discrimination_min)


def _query(words: str) -> ColumnElement[str]:
    return cast(words, TSQUERY)
