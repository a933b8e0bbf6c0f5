"""Vectors of questions and pictures as they are kept in the database: the cache, and the exact arm of searches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.search import VectorPart
from app.models import Media, MediaVector, QuestionImage, QuestionVector


@dataclass(frozen=True, slots=True)
class VectorWrite:
    question_id: UUID
    part: VectorPart
    text_hash: str
    vector: bytes


class VectorRepository:
    def __init__(self, session: Session, embedder: str) -> None:
        self.session, self.embedder = session, embedder

    def cached(self, text_hashes: Collection[str]) -> dict[str, bytes]:
        """The vectors of texts that were embedded before, whatever question they belong to."""
        statement = select(QuestionVector.text_hash, QuestionVector.vector).where(
            QuestionVector.embedder == self.embedder, QuestionVector.text_hash.in_(text_hashes)
        )
        return {row.text_hash: row.vector for row in self.session.execute(statement)}

    def store(self, vectors: Sequence[VectorWrite]) -> None:
        if not vectors:
            return
        rows = [
            {
                "question_id": each.question_id,
                "part": each.part.value,
                "embedder": self.embedder,
                "text_hash": each.text_hash,
                "vector": each.vector,
            }
            for each in vectors
        ]
        statement = insert(QuestionVector).values(rows)
        self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["question_id", "part", "embedder"],
                set_={"text_hash": statement.excluded.text_hash, "vector": statement.excluded.vector},
            )
        )

    def of_questions(self, question_ids: Collection[UUID], part: VectorPart = VectorPart.STEM) -> dict[UUID, bytes]:
        statement = select(QuestionVector.question_id, QuestionVector.vector).where(
            QuestionVector.question_id.in_(question_ids),
            QuestionVector.part == part,
            QuestionVector.embedder == self.embedder,
        )
        return {row.question_id: row.vector for row in self.session.execute(statement)}

    def forget_other_embedders(self) -> None:
        self.session.execute(delete(QuestionVector).where(QuestionVector.embedder != self.embedder))


class MediaVectorRepository:
    def __init__(self, session: Session, embedder: str) -> None:
        self.session, self.embedder = session, embedder

    def missing(self, limit: int) -> list[Media]:
        """Pictures of questions that have no vector yet."""
        known = select(MediaVector.media_id).where(MediaVector.embedder == self.embedder)
        used = select(QuestionImage.media_id)
        statement = select(Media).where(Media.id.in_(used), Media.id.not_in(known), Media.mime.like("image/%"))
        return list(self.session.scalars(statement.order_by(Media.id).limit(limit)))

    def store(self, vectors: Mapping[UUID, bytes]) -> None:
        rows = [{"media_id": each, "embedder": self.embedder, "vector": vector} for each, vector in vectors.items()]
        if rows:
            self.session.execute(insert(MediaVector).values(rows).on_conflict_do_nothing())

    def all(self) -> dict[UUID, bytes]:
        statement = select(MediaVector.media_id, MediaVector.vector).where(
            MediaVector.embedder == self.embedder, MediaVector.vector != b""
        )
        return {row.media_id: row.vector for row in self.session.execute(statement)}
