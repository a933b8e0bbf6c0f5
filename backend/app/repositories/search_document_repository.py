"""The search documents of questions: what is behind, what was made, what was indexed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.models import Media, QuestionImage, SearchDocument

_FIRST: Final = UUID(int=0)
_STALE: Final = text(
    """
    SELECT q.id FROM questions q LEFT JOIN search_documents d ON d.question_id = q.id
    WHERE d.revision IS DISTINCT FROM q.revision ORDER BY q.id LIMIT :limit
    """
)
_SOURCES: Final = text(
    """
    SELECT q.id, q.subject_id, q.revision, s.language, v.content, k.key,
           ARRAY(SELECT t.name FROM question_tags qt JOIN tags t ON t.id = qt.tag_id WHERE qt.question_id = q.id),
           ARRAY(SELECT s.name FROM question_skills qs JOIN skills s ON s.id = qs.skill_id WHERE qs.question_id = q.id)
    FROM questions q
    JOIN subjects s ON s.id = q.subject_id
    JOIN question_versions v ON v.question_id = q.id AND v.number = q.version
    JOIN LATERAL (SELECT key FROM question_keys WHERE version_id = v.id ORDER BY number DESC LIMIT 1) k ON true
    WHERE q.id = ANY(:ids)
    """
)
_BEHIND: Final = text(
    """
    SELECT question_id, subject_id, revision, public_text, options_text FROM search_documents d
    WHERE (d.embedder <> :embedder OR d.embedded_revision < d.revision OR d.sketch IS NULL
           OR (:is_indexed AND d.indexed_revision < d.revision))
      AND question_id > :after
    ORDER BY question_id LIMIT :limit
    """
)
_COUNT_BEHIND: Final = text(
    """
    SELECT count(*) FROM search_documents d
    WHERE d.embedder <> :embedder OR d.embedded_revision < d.revision OR d.sketch IS NULL
       OR (:is_indexed AND d.indexed_revision < d.revision)
    """
)
_MARK_EMBEDDED: Final = text(
    """
    WITH marked AS (
      UPDATE search_documents d
      SET embedder = :embedder, embedded_revision = w.revision, sketch = w.sketch, updated_at = now()
      FROM unnest(CAST(:ids AS uuid[]), CAST(:revisions AS int[]), CAST(:sketches AS bytea[]))
           AS w (question_id, revision, sketch)
      JOIN search_documents before USING (question_id)
      WHERE d.question_id = w.question_id
      RETURNING d.subject_id, before.sketch IS DISTINCT FROM w.sketch AS is_new
    )
    SELECT DISTINCT subject_id FROM marked WHERE is_new
    """
)
_MARK_INDEXED: Final = text(
    """
    UPDATE search_documents d SET indexed_revision = w.revision, updated_at = now()
    FROM unnest(CAST(:ids AS uuid[]), CAST(:revisions AS int[])) AS w (question_id, revision)
    WHERE d.question_id = w.question_id
    """
)
_COUNTS: Final = text(
    """
    SELECT count(d.question_id),
           count(*) FILTER (WHERE d.embedder = :embedder AND d.embedded_revision = d.revision),
           count(*) FILTER (WHERE d.embedder = :embedder AND d.indexed_revision = d.revision),
           count(*) FILTER (WHERE d.revision IS DISTINCT FROM q.revision)
    FROM questions q LEFT JOIN search_documents d ON d.question_id = q.id
    """
)


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """The current version of a question with its key in force."""

    question_id: UUID
    subject_id: UUID
    revision: int
    language: str
    content: dict[str, Any]
    key: dict[str, Any]
    tags: Sequence[str]
    skills: Sequence[str]


@dataclass(frozen=True, slots=True)
class DocumentWrite:
    question_id: UUID
    subject_id: UUID
    revision: int
    stemmer: str
    public_text: str
    options_text: str
    public_words: str
    staff_words: str
    image_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class DocumentBehind:
    """A document whose vectors are missing, old, of another embedder, not in the index, or without a sketch."""

    question_id: UUID
    subject_id: UUID
    revision: int
    public_text: str
    options_text: str


@dataclass(frozen=True, slots=True)
class IndexCounts:
    documents: int
    embedded: int
    indexed: int
    stale: int


class SearchDocumentRepository:
    """For jobs, which work for nobody in particular; whoever searches uses `SearchRepository`."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def stale(self, limit: int) -> list[UUID]:
        """Questions whose document is missing or older than they are."""
        return list(self.session.scalars(_STALE, {"limit": limit}))

    def sources(self, question_ids: Collection[UUID]) -> list[DocumentSource]:
        return [DocumentSource(*row) for row in self.session.execute(_SOURCES, {"ids": list(question_ids)})]

    def store(self, documents: Sequence[DocumentWrite]) -> None:
        """Insert or replace; the vectors of a replaced document are behind from now on."""
        if not documents:
            return
        columns = [name for name in DocumentWrite.__slots__ if name != "image_ids"]
        rows = [
            {name: getattr(document, name) for name in columns} | {"has_image": bool(document.image_ids)}
            for document in documents
        ]
        statement = upsert(SearchDocument).values(rows)
        changed = {name: statement.excluded[name] for name in (*columns[1:], "has_image")}
        self.session.execute(
            statement.on_conflict_do_update(index_elements=["question_id"], set_={**changed, "updated_at": func.now()})
        )
        self._store_images(documents)

    def behind(self, embedder: str, limit: int, *, is_indexed: bool, after: UUID | None = None) -> list[DocumentBehind]:
        """By id, from the one after. `is_indexed`: there is a vector index, so being embedded is not enough."""
        wanted = {"embedder": embedder, "limit": limit, "is_indexed": is_indexed, "after": after or _FIRST}
        return [DocumentBehind(*row) for row in self.session.execute(_BEHIND, wanted)]

    def count_behind(self, embedder: str, *, is_indexed: bool) -> int:
        return self.session.scalar(_COUNT_BEHIND, {"embedder": embedder, "is_indexed": is_indexed}) or 0

    def mark_embedded(self, documents: Sequence[DocumentBehind], embedder: str, sketches: Sequence[bytes]) -> set[UUID]:
        """A document that was made anew meanwhile has a higher revision and stays behind.

        Returns:
            The subjects of the documents whose sketch is another one than before.
        """
        wanted = {**_marked(documents), "embedder": embedder, "sketches": list(sketches)}
        return set(self.session.scalars(_MARK_EMBEDDED, wanted))

    def mark_indexed(self, documents: Sequence[DocumentBehind]) -> None:
        self.session.execute(_MARK_INDEXED, _marked(documents))

    def counts(self, embedder: str) -> IndexCounts:
        """Of questions that are `stale` the document is missing or older than they are."""
        return IndexCounts(*self.session.execute(_COUNTS, {"embedder": embedder}).one())

    def count_indexed(self, embedder: str) -> int:
        statement = select(func.count()).where(SearchDocument.embedder == embedder, SearchDocument.indexed_revision > 0)
        return self.session.scalar(statement) or 0

    def ids(self) -> set[UUID]:
        return set(self.session.scalars(select(SearchDocument.question_id)))

    def indexed_ids(self, embedder: str) -> set[UUID]:
        statement = select(SearchDocument.question_id).where(
            SearchDocument.embedder == embedder, SearchDocument.indexed_revision > 0
        )
        return set(self.session.scalars(statement))

    def forget_index(self, question_ids: Collection[UUID] | None = None) -> int:
        """Mark documents as not indexed: these, or all of them."""
        statement = update(SearchDocument).where(SearchDocument.indexed_revision > 0).values(indexed_revision=0)
        if question_ids is not None:
            statement = statement.where(SearchDocument.question_id.in_(question_ids))
        return len(self.session.scalars(statement.returning(SearchDocument.question_id)).all())

    def _store_images(self, documents: Sequence[DocumentWrite]) -> None:
        ids = [document.question_id for document in documents]
        self.session.execute(delete(QuestionImage).where(QuestionImage.question_id.in_(ids)))
        wanted = {image for document in documents for image in document.image_ids}
        known = set(self.session.scalars(select(Media.id).where(Media.id.in_(wanted)))) if wanted else set()
        rows = [
            {"question_id": document.question_id, "media_id": image}
            for document in documents
            for image in document.image_ids
            if image in known
        ]
        if rows:
            self.session.execute(insert(QuestionImage), rows)


def _marked(documents: Sequence[DocumentBehind]) -> dict[str, object]:
    """The documents with the revisions that were worked on."""
    ids = [document.question_id for document in documents]
    return {"ids": ids, "revisions": [document.revision for document in documents]}
