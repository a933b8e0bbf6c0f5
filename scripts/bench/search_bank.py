"""A bank of any size with search documents and vectors, written past the jobs that make them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.ai.embeddings.vectors import FloatArray, normalised, to_bytes
from app.models import ItemParameter, Question, QuestionVector, SearchDocument
from app.repositories.copying import copy_rows
from app.repositories.search_term_repository import SearchTermRepository
from app.utils.ids import new_id

SUBJECTS, WORDS, TOPICS, BATCH = 10, 20_000, 300, 5_000
STEM_WORDS = (35, 55)
TOPIC_SPREAD = 1.1
"""Length of the noise around a topic's centre: mean cosine within a topic is about 0.45, as of real questions."""


@dataclass(frozen=True)
class Bank:
    """Row i of `vectors` belongs to question `ids[i]` of subject `subjects[i % SUBJECTS]`."""

    ids: list[UUID]
    subjects: list[UUID]
    words: list[str]
    vectors: FloatArray


def vocabulary(rng: np.random.Generator) -> list[str]:
    """Pronounceable words, the most frequent first."""
    syllables = [consonant + vowel for consonant in "bcdfghjklmnprstvz" for vowel in "aeiou"]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        words["".join(rng.choice(syllables, rng.integers(2, 5)))] = None
    return list(words)


def fill(engine: Engine, questions: int, dimension: int, embedder: str, seed: int) -> Bank:
    rng = np.random.default_rng(seed)
    words = vocabulary(rng)
    frequency = 1.0 / np.arange(1, WORDS + 1)
    centres = normalised(rng.normal(size=(TOPICS, dimension)).astype(np.float32))
    vectors = vectors_near(centres[rng.integers(TOPICS, size=questions)], rng, TOPIC_SPREAD)
    bank = Bank([new_id() for _ in range(questions)], [new_id() for _ in range(SUBJECTS)], words, vectors)
    with Session(engine) as session, session.begin():
        for number, subject in enumerate(bank.subjects):
            session.execute(
                text(
                    "INSERT INTO subjects (id, code, title, description, language) VALUES (:id, :code, :code, '', 'en')"
                ),
                {"id": subject, "code": f"bench-{number}"},
            )
        for start in range(0, questions, BATCH):
            rows = range(start, min(start + BATCH, questions))
            stems = _stems(words, frequency / frequency.sum(), len(rows), rng)
            _write(session, bank, rows, stems, embedder)
    with Session(engine) as session, session.begin():
        SearchTermRepository(session).refresh()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return bank


def vectors_near(centres: FloatArray, rng: np.random.Generator, spread: float) -> FloatArray:
    noise = rng.normal(size=centres.shape).astype(np.float32)
    return normalised(centres + spread * noise / np.sqrt(centres.shape[1]))


def _stems(words: Sequence[str], chances: NDArray[np.float64], count: int, rng: np.random.Generator) -> list[str]:
    drawn = rng.choice(WORDS, size=(count, STEM_WORDS[1]), p=chances)
    lengths = rng.integers(*STEM_WORDS, size=count)
    return [" ".join(words[at] for at in row[:length]) for row, length in zip(drawn, lengths.tolist(), strict=True)]


def _write(session: Session, bank: Bank, rows: range, stems: Sequence[str], embedder: str) -> None:
    subjects = [bank.subjects[row % SUBJECTS] for row in rows]
    ids = [bank.ids[row] for row in rows]
    common = list(zip(rows, ids, subjects, stems, strict=True))
    copy_rows(session, Question, [_question(*each) for each in common])
    copy_rows(session, ItemParameter, [_parameters(row, question) for row, question, _, _ in common])
    copy_rows(
        session, SearchDocument, [_document(question, subject, stem, embedder) for _, question, subject, stem in common]
    )
    copy_rows(session, QuestionVector, [_vector(bank, row, question, embedder) for row, question, _, _ in common])


def _question(row: int, question: UUID, subject: UUID, stem: str) -> dict[str, object]:
    name = f"{row:064d}"
    return {
        "id": question, "subject_id": subject, "type": "single_choice", "status": "published", "namespace": "",
        "version": 1, "revision": 1, "content_hash": name, "stem_hash": name, "stem_text": stem,
    }  # fmt: skip


def _parameters(row: int, question: UUID) -> dict[str, object]:
    difficulty = 3.0 * np.sin(row)
    return {
        "id": question, "difficulty": difficulty, "prior": difficulty, "answers": row % 3, "discrimination": 1.0,
        "guess": 0.0,
    }  # fmt: skip


def _document(question: UUID, subject: UUID, stem: str, embedder: str) -> dict[str, object]:
    return {
        "question_id": question, "subject_id": subject, "revision": 1, "stemmer": "english", "public_text": stem,
        "options_text": "", "public_words": stem, "staff_words": "", "has_image": False, "embedder": embedder,
        "embedded_revision": 1, "indexed_revision": 1,
    }  # fmt: skip


def _vector(bank: Bank, row: int, question: UUID, embedder: str) -> dict[str, object]:
    vector = to_bytes(bank.vectors[row])
    return {"question_id": question, "part": "stem", "embedder": embedder, "text_hash": f"{row:064d}", "vector": vector}
