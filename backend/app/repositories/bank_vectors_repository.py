"""The questions of one subject with their vectors, all at once: for work on the whole bank."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.search import NO_STEMMER

_VECTORS: Final = text(
    """
    SELECT string_agg(uuid_send(id), ''::bytea ORDER BY id), string_agg(vector, ''::bytea ORDER BY id)
    FROM (SELECT q.id, v.vector FROM questions q
          JOIN question_vectors v ON v.question_id = q.id AND v.part = :part AND v.embedder = :embedder
          WHERE q.subject_id = :subject_id AND q.status <> 'retired' AND q.type <> 'description') AS rows
    """
)
_TEXTS: Final = text(
    """
    SELECT q.id, d.public_text, v.content, k.key FROM questions q
    JOIN search_documents d ON d.question_id = q.id
    JOIN question_versions v ON v.question_id = q.id AND v.number = q.version
    JOIN LATERAL (SELECT key FROM question_keys WHERE version_id = v.id ORDER BY number DESC LIMIT 1) k ON true
    WHERE q.id = ANY(:ids)
    """
)
_UNSKILLED: Final = text(
    """
    SELECT q.id, d.public_text FROM questions q JOIN search_documents d ON d.question_id = q.id
    WHERE q.subject_id = :subject_id AND q.status <> 'retired' AND q.type <> 'description'
      AND NOT EXISTS (SELECT 1 FROM question_skills k WHERE k.question_id = q.id)
    """
)

_STOP_WORDS: Final = text(
    """
    SELECT DISTINCT word FROM unnest(CAST(:words AS text[])) AS word,
         (SELECT DISTINCT stemmer FROM search_documents WHERE subject_id = :subject_id AND stemmer <> :none) AS known
    WHERE ts_lexize(CAST(stemmer || '_stem' AS regdictionary), word) = '{}'
    """
)


@dataclass(frozen=True, slots=True)
class BankVectors:
    """`ids` and the rows of `vectors`, which stand behind each other, are in the same order."""

    ids: list[UUID]
    vectors: bytes


@dataclass(frozen=True, slots=True)
class BankText:
    question_id: UUID
    stem: str
    content: dict[str, Any]
    key: dict[str, Any]


class BankVectorsRepository:
    """For jobs of staff; retired questions are left out."""

    def __init__(self, session: Session, embedder: str) -> None:
        self.session, self.embedder = session, embedder

    def vectors(self, subject_id: UUID, part: str) -> BankVectors:
        wanted = {"subject_id": subject_id, "part": part, "embedder": self.embedder}
        ids, vectors = self.session.execute(_VECTORS, wanted).one()
        joined = ids or b""
        return BankVectors(
            [UUID(bytes=joined[start : start + 16]) for start in range(0, len(joined), 16)], vectors or b""
        )

    def texts(self, question_ids: Sequence[UUID]) -> dict[UUID, BankText]:
        rows = self.session.execute(_TEXTS, {"ids": list(question_ids)})
        return {row[0]: BankText(*row) for row in rows}

    def without_skill(self, subject_id: UUID) -> dict[UUID, str]:
        """Stems of the questions that belong to no skill."""
        return {row[0]: row[1] for row in self.session.execute(_UNSKILLED, {"subject_id": subject_id})}

    def stop_words(self, subject_id: UUID, words: Collection[str]) -> set[str]:
        """Those of the words that are among the stop words of a language of the subject's questions."""
        wanted = {"subject_id": subject_id, "words": list(words), "none": NO_STEMMER}
        return set(self.session.scalars(_STOP_WORDS, wanted))
