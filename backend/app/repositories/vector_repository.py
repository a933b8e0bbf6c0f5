"""Vectors of questions and pictures as they are kept in the database: the cache, and the exact arm of searches."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.domain.search import VectorPart
from app.models import Media, MediaVector, QuestionImage, QuestionVector

# Columns as arrays: a statement with a parameter for each value costs more to build than the texts to embed.
_STORE: Final = text(
    """
    INSERT INTO question_vectors (question_id, part, embedder, text_hash, vector)
    SELECT question_id, part, :embedder, text_hash, vector
    FROM unnest(CAST(:question_ids AS uuid[]), CAST(:parts AS text[]), CAST(:text_hashes AS text[]),
                CAST(:vectors AS bytea[])) AS rows (question_id, part, text_hash, vector)
    ON CONFLICT (question_id, part, embedder)
    DO UPDATE SET text_hash = excluded.text_hash, vector = excluded.vector
    """
)


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
        wanted = {
            "embedder": self.embedder,
            "question_ids": [each.question_id for each in vectors],
            "parts": [each.part.value for each in vectors],
            "text_hashes": [each.text_hash for each in vectors],
            "vectors": [each.vector for each in vectors],
        }
        self.session.execute(_STORE, wanted)

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
