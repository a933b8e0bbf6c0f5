from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, false, func, select, true, update
from sqlalchemy.orm import Session, aliased

from app.domain.permissions import Actor
from app.models import ItemParameter, Question, QuestionKeyRecord, QuestionVersion, Skill
from app.repositories.keyset import Slice, cut, read_position
from app.repositories.question_links import skills_of, tags_of
from app.repositories.question_rows import QuestionForm

_FullSelect: TypeAlias = Select[Question, QuestionVersion, QuestionKeyRecord, ItemParameter]


@dataclass(frozen=True, slots=True)
class FullQuestion:
    """A question with one of its versions and the key in force; for staff only."""

    question: Question
    version: QuestionVersion
    key: QuestionKeyRecord
    parameters: ItemParameter
    skills: tuple[Skill, ...]
    tags: tuple[str, ...]


class QuestionRepository:
    def __init__(self, session: Session) -> None:
        self.session = session

    def full(self, actor: Actor, question_id: UUID, version: int | None = None) -> FullQuestion | None:
        """With the current version, unless another one is asked for."""
        wanted = Question.version if version is None else version
        statement = _full(actor).where(Question.id == question_id, QuestionVersion.number == wanted)
        found = self._complete(statement)
        return found[0] if found else None

    def full_many(self, actor: Actor, question_ids: Collection[UUID]) -> dict[UUID, FullQuestion]:
        """Current versions, in three queries."""
        statement = _full(actor).where(Question.id.in_(question_ids), QuestionVersion.number == Question.version)
        return {full.question.id: full for full in self._complete(statement)}

    def subjects_of(self, actor: Actor, question_ids: Collection[UUID]) -> dict[UUID, UUID]:
        statement = select(Question.id, Question.subject_id).where(
            Question.id.in_(question_ids), visible_questions(actor)
        )
        return {row.id: row.subject_id for row in self.session.execute(statement)}

    def lock(self, question_ids: Collection[UUID]) -> dict[UUID, Question]:
        """The rows as they are now. Lock their subjects before."""
        statement = (
            select(Question)
            .where(Question.id.in_(question_ids))
            .order_by(Question.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        return {question.id: question for question in self.session.scalars(statement)}

    def versions(self, actor: Actor, question_id: UUID, *, cursor: str | None, limit: int) -> Slice[QuestionVersion]:
        """Latest first."""
        statement = (
            select(QuestionVersion)
            .join(Question, Question.id == QuestionVersion.question_id)
            .where(Question.id == question_id, visible_questions(actor))
            .order_by(QuestionVersion.number.desc())
            .limit(limit + 1)
        )
        if cursor:
            (number,) = read_position(cursor, int)
            statement = statement.where(QuestionVersion.number < number)
        return cut(self.session.scalars(statement).all(), limit, lambda row: (row.number,))

    def with_content(self, subject_id: UUID, content_hashes: Collection[str]) -> dict[str, Question]:
        """The subject's questions with these contents, by content hash."""
        statement = select(Question).where(Question.subject_id == subject_id, Question.content_hash.in_(content_hashes))
        return {question.content_hash: question for question in self.session.scalars(statement)}

    def with_external_ids(self, subject_id: UUID, namespace: str, external_ids: Collection[str]) -> dict[str, Question]:
        statement = select(Question).where(
            Question.subject_id == subject_id,
            Question.namespace == namespace,
            Question.external_id.in_(external_ids),
        )
        return {question.external_id or "": question for question in self.session.scalars(statement)}

    def numbers_with_stems(self, subject_id: UUID, stem_hashes: Collection[str]) -> dict[str, int]:
        """The number of the oldest question that asks the same, by stem hash; its key may be another."""
        statement = (
            select(Question.stem_hash, func.min(Question.number))
            .where(Question.subject_id == subject_id, Question.stem_hash.in_(stem_hashes))
            .group_by(Question.stem_hash)
        )
        return {row[0]: row[1] for row in self.session.execute(statement)}

    def is_version_shown(self, version_id: UUID) -> bool:
        shown = exists().where(QuestionVersion.id == version_id, QuestionVersion.first_shown_at.is_not(None))
        return bool(self.session.scalar(select(shown)))

    def is_ever_shown(self, question_id: UUID) -> bool:
        shown = exists().where(QuestionVersion.question_id == question_id, QuestionVersion.first_shown_at.is_not(None))
        return bool(self.session.scalar(select(shown)))

    def replace_version(self, version: QuestionVersion, form: QuestionForm, editor: UUID) -> None:
        """Only for a version that no student has seen. Its key gets a new id, by which caches notice the change."""
        version.content, version.details = form.content, form.details
        self.session.execute(delete(QuestionKeyRecord).where(QuestionKeyRecord.version_id == version.id))
        self.session.add(QuestionKeyRecord(version_id=version.id, key=form.key, created_by=editor))

    def add_version(self, question: Question, form: QuestionForm, editor: UUID) -> None:
        question.version += 1
        version = QuestionVersion(
            question_id=question.id,
            number=question.version,
            content=form.content,
            details=form.details,
            created_by=editor,
        )
        self.session.add(version)
        self.session.flush()
        self.session.add(QuestionKeyRecord(version_id=version.id, key=form.key, created_by=editor))

    def set_prior(self, question_id: UUID, difficulty: float) -> None:
        """A first guess of the difficulty; it stands as long as no answer says more."""
        self.session.execute(
            update(ItemParameter)
            .where(ItemParameter.id == question_id, ItemParameter.prior != difficulty)
            .values(prior=difficulty, updated_at=func.now())
        )
        self.session.execute(
            update(ItemParameter)
            .where(ItemParameter.id == question_id, ItemParameter.answers == 0)
            .values(difficulty=difficulty)
        )

    def _complete(self, statement: _FullSelect) -> list[FullQuestion]:
        rows = self.session.execute(statement).all()
        ids = [question.id for question, *_ in rows]
        skills, tags = skills_of(self.session, ids), tags_of(self.session, ids)
        return [
            FullQuestion(question, version, key, parameters, skills.get(question.id, ()), tags.get(question.id, ()))
            for question, version, key, parameters in rows
        ]


def _full(actor: Actor) -> _FullSelect:
    keys = aliased(QuestionKeyRecord)
    in_force = select(func.max(keys.number)).where(keys.version_id == QuestionVersion.id).scalar_subquery()
    return (
        select(Question, QuestionVersion, QuestionKeyRecord, ItemParameter)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(
            QuestionKeyRecord,
            and_(QuestionKeyRecord.version_id == QuestionVersion.id, QuestionKeyRecord.number == in_force),
        )
        .join(ItemParameter, ItemParameter.id == Question.id)
        .where(visible_questions(actor))
        .execution_options(populate_existing=True)
    )


def visible_questions(actor: Actor) -> ColumnElement[bool]:
    """Students meet questions in practice only, where their keys are left out."""
    return true() if actor.is_staff else false()
