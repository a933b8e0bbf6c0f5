"""Bringing search documents, vectors and the vector index up to date with the bank."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.text_embeddings.embedder import text_hash
from app.ai.embeddings.vectors import FloatArray, from_bytes, to_bytes
from app.ai.utils.sketches import sketch
from app.core.logging import get_logger
from app.core.telemetry import EMBEDDED
from app.domain.search import VectorPart
from app.repositories.search_document_repository import DocumentBehind, SearchDocumentRepository
from app.repositories.search_term_repository import SearchTermRepository
from app.repositories.subject_repository import SubjectRepository
from app.repositories.vector_repository import VectorRepository, VectorWrite
from app.services.search_texts import document_of
from app.services.semantic_tools import SemanticTools

log = get_logger(__name__)

DOCUMENTS_AT_ONCE: Final = 500
QUESTIONS_AT_ONCE: Final = 256

Progress = Callable[[int, int, str], None]
Texts = dict[str, str]


@dataclass(slots=True)
class IndexOutcome:
    """What one run did; `is_complete` = nothing is behind any more."""

    documents: int = 0
    embedded: int = 0
    from_cache: int = 0
    indexed: int = 0
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class _Batch:
    """Documents with the texts of their parts, by hash."""

    documents: Sequence[DocumentBehind]
    texts: Texts = field(default_factory=dict)
    parts: list[tuple[DocumentBehind, VectorPart, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Sent:
    documents: Sequence[DocumentBehind]
    ending: Future[None]


class IndexWork:
    """No connection is held while texts are embedded or sent.

    A document counts as indexed only after the server has taken its vectors, so that a run which ends anywhere is
    continued by the next.

    Args:
        sessions: For the short transactions.
        tools: The writer's.
        progress: Called with the questions done, their number and a sentence; may raise to stop there.
        run_s: Seconds after which the rest is left to the next run.
    """

    def __init__(
        self, sessions: sessionmaker[Session], tools: SemanticTools, progress: Progress, run_s: float = float("inf")
    ) -> None:
        self._sessions, self._tools, self._progress = sessions, tools, progress
        self._ends = time.monotonic() + run_s
        self._outcome = IndexOutcome()
        self._resketched: set[UUID] = set()

    def run(self) -> IndexOutcome:
        """Documents first: full text then works while vectors are still being made.

        Raises:
            EmbeddingError: The embedder gave no vectors.
            VectorIndexError: The server is away; everything up to then is kept.
        """
        self._make_documents()
        try:
            self._make_vectors()
        finally:
            self._tell_practice()
        if self._outcome.documents:
            with self._sessions.begin() as session:
                SearchTermRepository(session).refresh()
        return self._outcome

    def _make_documents(self) -> None:
        while self._has_time():
            with self._sessions.begin() as session:
                repository = SearchDocumentRepository(session)
                ids = repository.stale(DOCUMENTS_AT_ONCE)
                repository.store([document_of(source) for source in repository.sources(ids)])
            if not ids:
                return
            self._outcome.documents += len(ids)
            self._progress(0, 0, f"Texts of {self._outcome.documents} questions")

    def _make_vectors(self) -> None:
        """The server takes the vectors of one batch while those of the next are made."""
        total, done = self._behind(), 0
        with ThreadPoolExecutor(1, thread_name_prefix="index") as sender:
            sent: _Sent | None = None
            for behind in self._batches():
                vectors = self._embed(_batch_of(behind))
                self._finish(sent)
                sent = _Sent(behind, sender.submit(self._send, behind, vectors))
                done += len(behind)
                self._progress(done, max(total, done), f"Vectors of {done} questions")
            self._finish(sent)

    def _batches(self) -> Iterator[list[DocumentBehind]]:
        """In the order of their ids: what was sent and is not marked yet is not read again."""
        last: UUID | None = None
        while self._has_time():
            with self._sessions() as session:
                behind = SearchDocumentRepository(session).behind(
                    self._tools.texts.name, QUESTIONS_AT_ONCE, is_indexed=self._tools.index is not None, after=last
                )
            if not behind:
                return
            last = behind[-1].question_id
            yield behind

    def _behind(self) -> int:
        with self._sessions() as session:
            return SearchDocumentRepository(session).count_behind(
                self._tools.texts.name, is_indexed=self._tools.index is not None
            )

    def _embed(self, batch: _Batch) -> dict[str, bytes]:
        """The vector of each text of the batch, stored."""
        embedder = self._tools.texts
        with self._sessions() as session:
            vectors = VectorRepository(session, embedder.name).cached(batch.texts)
        missing = [name for name in batch.texts if name not in vectors]
        if missing:
            rows = embedder.embed([batch.texts[name] for name in missing])
            vectors |= {name: to_bytes(row) for name, row in zip(missing, rows, strict=True)}
        self._outcome.embedded += len(missing)
        self._outcome.from_cache += len(batch.texts) - len(missing)
        EMBEDDED.labels(embedder.name).inc(len(missing))
        self._store(batch, vectors)
        return vectors

    def _store(self, batch: _Batch, vectors: dict[str, bytes]) -> None:
        name = self._tools.texts.name
        sketches = [row.tobytes() for row in sketch(self._stems(batch.documents, vectors))]
        with self._sessions.begin() as session:
            writes = [VectorWrite(each.question_id, part, text, vectors[text]) for each, part, text in batch.parts]
            VectorRepository(session, name).store(writes)
            self._resketched |= SearchDocumentRepository(session).mark_embedded(batch.documents, name, sketches)

    def _stems(self, documents: Sequence[DocumentBehind], vectors: dict[str, bytes]) -> FloatArray:
        stems = b"".join(vectors[text_hash(document.public_text)] for document in documents)
        return from_bytes(stems, self._tools.texts.dimension)

    def _tell_practice(self) -> None:
        """Practice reads sketches with the questions of a subject, and again when the subject changes."""
        with self._sessions.begin() as session:
            subjects = SubjectRepository(session)
            for subject_id in sorted(self._resketched):
                subjects.bump_content(subject_id)
        self._resketched.clear()

    def _send(self, documents: Sequence[DocumentBehind], vectors: dict[str, bytes]) -> None:
        """In a thread of its own: nothing here may touch the database."""
        if self._tools.index is None:
            return
        matrix = np.ascontiguousarray(self._stems(documents, vectors))
        ids = [document.question_id for document in documents]
        subjects = [document.subject_id for document in documents]
        self._tools.index.collections.upsert(self._tools.questions, ids, matrix, subjects)

    def _finish(self, sent: "_Sent | None") -> None:
        """Raises what the sending raised; only what the server took counts as indexed."""
        if sent is None:
            return
        sent.ending.result()
        if self._tools.index is not None:
            with self._sessions.begin() as session:
                SearchDocumentRepository(session).mark_indexed(sent.documents)
            self._outcome.indexed += len(sent.documents)

    def _has_time(self) -> bool:
        if time.monotonic() < self._ends:
            return True
        self._outcome.is_complete = False
        return False


def _batch_of(documents: Sequence[DocumentBehind]) -> _Batch:
    batch = _Batch(documents)
    for document in documents:
        for part, text in ((VectorPart.STEM, document.public_text), (VectorPart.OPTIONS, document.options_text)):
            if part is VectorPart.STEM or text:
                name = text_hash(text)
                batch.texts[name] = text
                batch.parts.append((document, part, name))
    return batch
